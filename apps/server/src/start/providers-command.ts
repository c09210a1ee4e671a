/**
 * `npm run providers`: cascade providers and their prepaid balances. An operator registers a provider, connects gateways, confirms
 * top-ups that have arrived, sees withdrawals through and reads the statement. Amounts are in the settlement currency.
 */
import { userInfo } from 'node:os'
import { formatFixed, parseAmount } from '@cascad/money'
import { connectGateway } from '../cascades/connect-gateway.ts'
import { createProvider } from '../cascades/create-provider.ts'
import { decideTopUp } from '../cascades/decide-top-up.ts'
import { decideWithdrawal } from '../cascades/decide-withdrawal.ts'
import { drainProvider } from '../cascades/drain-provider.ts'
import { exportStatement } from '../cascades/export-statement.ts'
import { findProvider, listProviders } from '../cascades/find-provider.ts'
import { listTopUps, listWithdrawals } from '../cascades/list-balance-orders.ts'
import { orderTopUp } from '../cascades/order-top-up.ts'
import type { Provider } from '../cascades/provider.ts'
import { readBalance } from '../cascades/read-balance.ts'
import { requestWithdrawal } from '../cascades/request-withdrawal.ts'
import { saveDestination } from '../cascades/save-destination.ts'
import type { Context } from '../context.ts'
import { type Act, runActs, say } from '../database/run-command.ts'
import { StartProblem } from '../start-problem.ts'
import { connectionActs, connectionUsage } from './connection-acts.ts'
import { peopleActs, peopleUsage } from './people-acts.ts'

const usage = `Use one of
  npm run providers -- list
  npm run providers -- create <name> <currency> <scale> [low balance alert]
  npm run providers -- connect <provider> <gateway_id>
  npm run providers -- drain|resume <provider>
  npm run providers -- top-up <provider> live|test <amount> <reference>
  npm run providers -- confirm-top-up|reject-top-up <provider> <top_up>
  npm run providers -- destination <provider> <label> <address>
  npm run providers -- withdraw <provider> live|test <amount> <destination>
  npm run providers -- approve|paid|reject|cancel <provider> <withdrawal>
  npm run providers -- orders <provider> live|test
  npm run providers -- statement <provider> live|test${connectionUsage}${peopleUsage}`

const operator = userInfo().username

function modeOf(word: string | undefined): boolean {
  if (word !== 'live' && word !== 'test') throw new StartProblem(usage)
  return word === 'test'
}

async function providerOf(ctx: Context, id: string | undefined): Promise<Provider> {
  const provider = id === undefined ? null : await findProvider(ctx.sql, id)
  if (!provider) throw new StartProblem(id === undefined ? usage : `There is no provider ${id}.`)
  return provider
}

function minorOf(text: string | undefined, scale: number, least = 1n): bigint {
  const minor = text === undefined || !/^\d{1,15}(\.\d+)?$/.test(text) ? 'not_a_number' : parseAmount(text, scale)
  if (typeof minor !== 'bigint' || minor < least) throw new StartProblem(`${text} is no amount with ${scale} decimals.`)
  return minor
}

async function showBalance(ctx: Context, provider: Provider, test_mode: boolean): Promise<void> {
  const { id, settlement_currency, settlement_scale } = provider
  const figures = await readBalance(ctx.sql, { id, settlement_currency }, test_mode)
  const text = (minor: bigint): string => formatFixed(minor, settlement_scale)
  const { available_minor, held_minor, frozen_minor, withdrawing_minor, total_minor } = figures
  say(
    `      ${test_mode ? 'test' : 'live'}: ${text(available_minor)} ${settlement_currency} available; held ${text(held_minor)}, ` +
      `frozen ${text(frozen_minor)}, withdrawing ${text(withdrawing_minor)}, total ${text(total_minor)}`,
  )
}

const list: Act = async (ctx) => {
  for (const provider of await listProviders(ctx.sql)) {
    const status = provider.draining ? 'draining' : provider.active ? 'active' : 'off'
    say(`${provider.id}  ${provider.name} (${status})`)
    for (const test_mode of [false, true]) await showBalance(ctx, provider, test_mode)
  }
}

const create: Act = async (ctx, [name = '', settlement_currency = '', scale = '', alert]) => {
  if (name.trim() === '' || !/^[A-Z0-9]{3,10}$/.test(settlement_currency) || !/^(\d|1[0-2])$/.test(scale))
    throw new StartProblem(usage)
  const settlement_scale = Number(scale)
  const low_balance_alert_minor = alert === undefined ? 0n : minorOf(alert, settlement_scale, 0n)
  const provider = await createProvider(ctx, { name, settlement_currency, settlement_scale, low_balance_alert_minor })
  say(`${provider.id} is ${name}. Payments are accepted once the balance is topped up.`)
}

const connect: Act = async (ctx, [id, gateway = '']) => {
  const provider = await providerOf(ctx, id)
  if (!/^[1-9]\d{0,8}$/.test(gateway)) throw new StartProblem(usage)
  if (!(await connectGateway(ctx, provider.id, Number(gateway))))
    throw new StartProblem(`Gateway ${gateway} is not there, or is another provider's.`)
  say(`Payments at gateway ${gateway} are settled against the balance of ${provider.name}.`)
}

const drain =
  (draining: boolean): Act =>
  async (ctx, [id]) => {
    const provider = await providerOf(ctx, id)
    const changed = await drainProvider(ctx, provider.id, draining)
    say(`${provider.name} ${draining ? 'takes no new payments' : 'takes payments'}${changed ? '' : ', as before'}.`)
  }

const topUp: Act = async (ctx, [id, mode, amount, reference = '']) => {
  const provider = await providerOf(ctx, id)
  if (reference === '') throw new StartProblem(usage)
  const amount_minor = minorOf(amount, provider.settlement_scale)
  const order = { test_mode: modeOf(mode), amount_minor, reference, ordered_by: operator }
  const top_up = await orderTopUp(ctx, provider, order)
  say(
    `${top_up.id} waits for its money. Once it has arrived: npm run providers -- confirm-top-up ${provider.id} ${top_up.id}`,
  )
}

const endTopUp =
  (status: 'confirmed' | 'rejected'): Act =>
  async (ctx, [id, top_up_id = '']) => {
    const provider = await providerOf(ctx, id)
    const done = await decideTopUp(ctx, provider.id, top_up_id, { status, decided_by: operator })
    if (!done) throw new StartProblem(`Nothing was changed: ${top_up_id} is not there, or has ended.`)
    say(`${top_up_id} is ${status}.`)
    await showBalance(ctx, provider, done.test_mode)
  }

const destination: Act = async (ctx, [id, label = '', address = '']) => {
  const provider = await providerOf(ctx, id)
  if (label === '' || address === '') throw new StartProblem(usage)
  const saved = await saveDestination(ctx, provider.id, { label, address }, operator)
  say(`${saved.id} can be used in 24 hours.`)
}

const withdraw: Act = async (ctx, [id, mode, amount, destination_id = '']) => {
  const provider = await providerOf(ctx, id)
  const amount_minor = minorOf(amount, provider.settlement_scale)
  const request = { test_mode: modeOf(mode), amount_minor, destination_id, requested_by: operator }
  const done = await requestWithdrawal(ctx, provider, request)
  if (done.result === 'destination_too_new')
    throw new StartProblem(`The destination can be used from ${done.usable_from.toISOString()} on.`)
  if (done.result !== 'requested')
    throw new StartProblem(
      done.result === 'destination_unknown' ? 'There is no such destination.' : 'That is more than is available.',
    )
  say(`${done.withdrawal.id} waits for the approval of a second person.`)
}

const stepOf =
  (step: 'approved' | 'paid' | 'rejected' | 'cancelled'): Act =>
  async (ctx, [id, withdrawal_id = '']) => {
    const provider = await providerOf(ctx, id)
    if (!(await decideWithdrawal(ctx, provider.id, withdrawal_id, { step, by: operator })))
      throw new StartProblem(
        `Nothing was changed: ${withdrawal_id} is not there, cannot become ${step} now, or was asked for by you.`,
      )
    say(`${withdrawal_id} is ${step}.`)
  }

const orders: Act = async (ctx, [id, mode]) => {
  const provider = await providerOf(ctx, id)
  const page = { test_mode: modeOf(mode), limit: 50 }
  const text = (minor: bigint): string =>
    `${formatFixed(minor, provider.settlement_scale)} ${provider.settlement_currency}`
  for (const order of await listTopUps(ctx.sql, provider.id, page))
    say(`${order.id}  top-up ${text(order.amount_minor)}, ${order.status}: ${JSON.stringify(order.reference)}`)
  for (const order of await listWithdrawals(ctx.sql, provider.id, page))
    say(`${order.id}  withdrawal ${text(order.amount_minor)}, ${order.status}, to ${order.destination_id}`)
}

const statement: Act = async (ctx, [id, mode]) => {
  const provider = await providerOf(ctx, id)
  for await (const piece of exportStatement(ctx.sql, provider, { test_mode: modeOf(mode) })) process.stdout.write(piece)
}

const acts: ReadonlyMap<string, Act> = new Map([
  ['list', list],
  ['create', create],
  ['connect', connect],
  ['drain', drain(true)],
  ['resume', drain(false)],
  ['top-up', topUp],
  ['confirm-top-up', endTopUp('confirmed')],
  ['reject-top-up', endTopUp('rejected')],
  ['destination', destination],
  ['withdraw', withdraw],
  ['approve', stepOf('approved')],
  ['paid', stepOf('paid')],
  ['reject', stepOf('rejected')],
  ['cancel', stepOf('cancelled')],
  ['orders', orders],
  ['statement', statement],
  ...connectionActs,
  ...peopleActs,
])

await runActs(acts, usage)
