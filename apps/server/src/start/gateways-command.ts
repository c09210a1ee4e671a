/**
 * `npm run gateways -- list` shows every gateway with its breakers; `open`, `close` and `hold` with a gateway id keep payments
 * away from it for a pause, give it back to them, or keep them away until it is closed. `tariff` says what the gateway costs from
 * now on, for strategy cost. The rest of a gateway's life: `gateway-acts.ts`.
 */
import { userInfo } from 'node:os'
import { type Act, runActs, say } from '../database/run-command.ts'
import { exponentOf } from '../directory/currencies.ts'
import { type GatewayHealth, listGateways } from '../routing/list-gateways.ts'
import { operateGateway } from '../routing/operate-gateway.ts'
import type { OperatorAct } from '../routing/rules/breaker.ts'
import { saveTariff } from '../routing/save-tariff.ts'
import { StartProblem } from '../start-problem.ts'
import { checkSecretKey } from './check-secret-key.ts'
import { gatewayActs, gatewayOf, gatewayUsage } from './gateway-acts.ts'

const usage = `Use one of
  npm run gateways -- list${gatewayUsage}
  npm run gateways -- open|close|hold <gateway_id>
  npm run gateways -- tariff <gateway_id> USD rate=2.5 fix=0.10 min=0.30 max=50`

const said: Readonly<Record<OperatorAct, string>> = {
  open: 'is kept from payments for one pause, then tried by single ones',
  close: 'takes payments',
  hold: 'is kept from payments until it is closed',
}

const tariff: Act = async (ctx, [id = '', currency = '', ...terms]) => {
  if (!/^[1-9]\d{0,8}$/.test(id)) throw new StartProblem(usage)
  const given = new Map(terms.map((term) => term.split('=', 2) as [string, string]))
  const exponent = await exponentOf(ctx, currency)
  if (exponent === null) throw new StartProblem(`There is no currency ${currency}.`)
  const mistake = await saveTariff(ctx, Number(id), { currency, exponent }, given)
  if (mistake !== null) throw new StartProblem(`Nothing was changed: ${mistake}.\n${usage}`)
  say(`${id} has this tariff from now on.`)
}

function linesOf({ gateway, methods }: GatewayHealth): string[] {
  const { gateway_id, name, test_mode, status } = gateway
  return [
    `${gateway_id}  ${name} (${test_mode ? 'test' : 'live'}, ${status})`,
    ...methods.map(
      ({ method, breaker, failures, healthy }) =>
        `      ${method}: ${breaker}; ${failures} failures, ${healthy} healthy`,
    ),
  ]
}

const list: Act = async (ctx, words) => {
  if (words.length > 0) throw new StartProblem(usage)
  for (const line of (await listGateways(ctx)).flatMap(linesOf)) say(line)
}

const operate =
  (act: OperatorAct): Act =>
  async (ctx, [id = '', ...more]) => {
    if (more.length > 0 || !/^[1-9]\d{0,8}$/.test(id)) throw new StartProblem(usage)
    const { put_back } = await operateGateway(ctx, await gatewayOf(ctx, id), act, userInfo().username)
    say(`${id} ${said[act]}; every process knows within two seconds.`)
    if (put_back) say('It had been set aside as set up wrongly and is active again.')
  }

const acts: ReadonlyMap<string, Act> = new Map([
  ['list', list],
  ['open', operate('open')],
  ['close', operate('close')],
  ['hold', operate('hold')],
  ['tariff', tariff],
  ...gatewayActs,
])

await runActs(acts, usage, { first: checkSecretKey })
