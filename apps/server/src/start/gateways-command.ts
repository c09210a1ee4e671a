/**
 * `npm run gateways -- list` shows every gateway with its breakers; `open`, `close` and `hold` with a gateway id keep payments
 * away from it for a pause, give it back to them, or keep them away until it is closed. `tariff` says what the gateway costs from
 * now on, for strategy cost.
 */
import { userInfo } from 'node:os'
import { ConfigError, readConfig } from '../config.ts'
import { type Context, createContext } from '../context.ts'
import { openDatabase } from '../database/open-database.ts'
import { secretKey } from '../database/secret-key.ts'
import { exponentOf } from '../directory/currencies.ts'
import { type GatewayHealth, listGateways } from '../routing/list-gateways.ts'
import { readGateways } from '../routing/load-routing.ts'
import { operateGateway } from '../routing/operate-gateway.ts'
import type { OperatorAct } from '../routing/rules/breaker.ts'
import { saveTariff } from '../routing/save-tariff.ts'
import { StartProblem } from '../start-problem.ts'

const usage = `Use one of
  npm run gateways -- list
  npm run gateways -- open|close|hold <gateway_id>
  npm run gateways -- tariff <gateway_id> USD rate=2.5 fix=0.10 min=0.30 max=50`

const said: Readonly<Record<OperatorAct, string>> = {
  open: 'is kept from payments for one pause, then tried by single ones',
  close: 'takes payments',
  hold: 'is kept from payments until it is closed',
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

type Order = { readonly act: OperatorAct; readonly gateway_id: number }

function readOrder([act, id, ...more]: readonly string[]): Order | 'list' {
  if (act === 'list' && id === undefined) return 'list'
  if ((act !== 'open' && act !== 'close' && act !== 'hold') || more.length > 0 || !/^[1-9]\d{0,8}$/.test(id ?? ''))
    throw new StartProblem(usage)
  return { act, gateway_id: Number(id) }
}

async function setTariff(ctx: Context, [, id = '', currency = '', ...terms]: readonly string[]): Promise<void> {
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

async function obey(ctx: Context, { act, gateway_id }: Order): Promise<void> {
  const gateway = (await readGateways(ctx)).get(gateway_id)
  if (!gateway) throw new StartProblem(`There is no gateway ${gateway_id}.`)
  const { put_back } = await operateGateway(ctx, gateway, act, userInfo().username)
  say(`${gateway_id} ${said[act]}; every process knows within two seconds.`)
  if (put_back) say('It had been set aside as set up wrongly and is active again.')
}

async function run(): Promise<void> {
  const args = process.argv.slice(2)
  const order = args[0] === 'tariff' ? 'tariff' : readOrder(args)
  const config = { ...readConfig(process.env), database_connections: 1, log_level: 'silent' } as const
  const database = await openDatabase(config, () => {})
  const ctx = await createContext({ config, database_url: database.url, secret_key: secretKey(config) })
  try {
    if (order === 'list') for (const line of (await listGateways(ctx)).flatMap(linesOf)) say(line)
    else if (order === 'tariff') await setTariff(ctx, args)
    else await obey(ctx, order)
  } finally {
    await ctx.close()
    await database.close()
  }
}

try {
  await run()
} catch (error) {
  if (!(error instanceof StartProblem || error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
