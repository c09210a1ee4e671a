/** `npm run providers`: what an operator agrees about connections of cascade providers, and the rates that are sent on to them. */
import type { RequisiteMethod } from '@cascad/connector/requisites'
import { connectGateway } from '../cascades/connect-gateway.ts'
import type { MethodLimits } from '../cascades/connection.ts'
import { findProvider } from '../cascades/find-provider.ts'
import { type ConnectionView, findConnection, type OwnConnection, viewOf } from '../cascades/read-connection.ts'
import { flushCalls } from '../cascades/record-call.ts'
import { type OperatorWish, saveConnection } from '../cascades/save-connection.ts'
import { testConnection } from '../cascades/test-connection.ts'
import type { Context } from '../context.ts'
import { type Act, say } from '../database/run-command.ts'
import { createGateway } from '../routing/create-gateway.ts'
import { StartProblem } from '../start-problem.ts'
import { rateActs, rateUsage } from './rate-acts.ts'

export const connectionUsage = `
  npm run providers -- add-connection <provider> <gateway_id> live|test <connector> <name>
  npm run providers -- connection <gateway_id> [rate_source=… rate_margin_percent=… currencies=RUB,EUR|all methods=card,sbp
      card.min=… card.max=… card.daily_amount=… card.daily_count=… window_minutes=… create_timeout_s=… require_luhn=yes|no
      finalise_grace_s=… request_gap_ms=… supports_idempotency_key=yes|no]
  npm run providers -- test-connection <gateway_id> [method=… amount=… currency=… currency_rate=…]${rateUsage}`

type Words = readonly string[]

const misused = (): StartProblem => new StartProblem(`Use one of${connectionUsage}`)

async function ownOf(ctx: Context, id: string | undefined): Promise<OwnConnection> {
  if (id === undefined || !/^[1-9]\d{0,8}$/.test(id)) throw misused()
  const own = await findConnection(ctx, null, Number(id))
  if (!own) throw new StartProblem(`Gateway ${id} is no connection of a provider.`)
  return own
}

/** `name=value` each. */
function pairsOf(words: Words): ReadonlyMap<string, string> {
  return new Map(
    words.map((word) => {
      const [, name, value] = /^([a-z_.]+)=(.*)$/s.exec(word) ?? []
      if (name === undefined || value === undefined) throw misused()
      return [name, value]
    }),
  )
}

const addConnection: Act = async (ctx, [provider_id = '', id = '', mode, connector = '', ...words]) => {
  const provider = await findProvider(ctx.sql, provider_id)
  if (!provider) throw new StartProblem(`There is no provider ${provider_id}.`)
  const name = words.join(' ').trim()
  if ((mode !== 'live' && mode !== 'test') || !/^[1-9]\d{0,8}$/.test(id) || name === '') throw misused()
  if (ctx.connectors.get(connector)?.requisites === undefined)
    throw new StartProblem(`Connector ${connector} gives no requisites.`)
  const gateway_id = Number(id)
  const wrong = await createGateway(ctx, { gateway_id, name, connector, test_mode: mode === 'test' })
  if (wrong !== null) throw new StartProblem(`Nothing was changed: ${wrong}.`)
  await connectGateway(ctx, provider.id, gateway_id)
  say(`${id} waits for ${provider.name} to give its endpoint and key in the dashboard, and for a test of them.`)
}

const connection: Act = async (ctx, [id, ...words]) => {
  const own = await ownOf(ctx, id)
  if (words.length > 0) {
    const wrong = await saveConnection(ctx, own, wishOf(viewOf(ctx, own), pairsOf(words)))
    if (wrong) throw new StartProblem(`Nothing was changed: ${sentencesOf(wrong)}`)
  }
  for (const line of linesOf(viewOf(ctx, await ownOf(ctx, id)))) say(line)
}

const sentencesOf = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, text]) => `${name} ${text}.`)
    .join('\n')

const whole = (text: string): number => (/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN)

function yesOf(text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw misused()
  return text === 'yes'
}

const readers: Readonly<Record<string, (text: string) => OperatorWish>> = {
  rate_source: (text) => ({ rate_source: text === 'none' ? null : text }),
  rate_margin_percent: (rate_margin_percent) => ({ rate_margin_percent }),
  currencies: (text) => ({ currencies: text === 'all' ? null : text.split(',') }),
  window_minutes: (text) => ({ window_minutes: whole(text) }),
  create_timeout_s: (text) => ({ create_timeout_s: whole(text) }),
  require_luhn: (text) => ({ require_luhn: yesOf(text) }),
  finalise_grace_s: (text) => ({ finalise_grace_s: whole(text) }),
  request_gap_ms: (text) => ({ request_gap_ms: whole(text) }),
  supports_idempotency_key: (text) => ({ supports_idempotency_key: yesOf(text) }),
}

function wishOf(view: ConnectionView, pairs: ReadonlyMap<string, string>): OperatorWish {
  const wish: OperatorWish[] = []
  const limits = new Map<string, Record<string, string | number>>(
    view.methods.map(({ method, limits }) => [method, { ...limits }]),
  )
  const chosen = pairs.get('methods')?.split(',') ?? [...limits.keys()]
  for (const [name, text] of pairs) {
    const [method = '', limit] = name.split('.')
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (read) wish.push(read(text))
    else if (limit !== undefined) limits.set(method, { ...limits.get(method), [limit]: limitOf(limit, text) })
    else if (name !== 'methods') throw misused()
  }
  const isChanged = [...pairs.keys()].some((name) => name === 'methods' || name.includes('.'))
  const methods = chosen.map((method) => ({
    method: method as RequisiteMethod,
    limits: withoutEmpty(limits.get(method) ?? {}) as MethodLimits,
  }))
  return Object.assign({}, ...wish, isChanged ? { methods } : {}) as OperatorWish
}

function limitOf(limit: string, text: string): string | number {
  if (!['min', 'max', 'daily_amount', 'daily_count'].includes(limit)) throw misused()
  return limit === 'daily_count' && text !== '' ? whole(text) : text
}

/** `card.max=` takes the limit away. */
function withoutEmpty(limits: Readonly<Record<string, string | number>>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== ''))
}

function linesOf(view: ConnectionView): string[] {
  const { gateway_id, name, test_mode, status, endpoint, pending, methods, currencies } = view
  return [
    `${gateway_id}  ${name} (${test_mode ? 'test' : 'live'}, ${status})`,
    `      endpoint: ${endpoint.endpoint_url ?? 'none yet'}, key ${endpoint.api_key_mask ?? 'none yet'}, ${endpoint.event_form} events`,
    ...(pending ? [`      waits for a test: ${pending.endpoint_url}, key ${pending.api_key_mask}`] : []),
    ...(view.misconfigured_reason === null ? [] : [`      takes no payments: ${view.misconfigured_reason}`]),
    `      window ${view.window_minutes} min, answer within ${view.create_timeout_s} s, ${view.finalise_grace_s} s of grace, requests ${view.request_gap_ms} ms apart`,
    `      rate of ${view.rate_source ?? 'nobody'}, margin ${view.rate_margin_percent} %; currencies: ${currencies?.join(', ') ?? 'all'}`,
    ...methods.map(({ method, limits }) => `      ${method}: ${limitsText(limits)}`),
  ]
}

function limitsText(limits: MethodLimits): string {
  const parts = Object.entries(limits).map(([name, value]) => `${name} ${value}`)
  return parts.length === 0 ? 'no limits' : parts.join(', ')
}

const test: Act = async (ctx, [id, ...words]) => {
  const own = await ownOf(ctx, id)
  const names = ['method', 'amount', 'currency', 'currency_rate']
  const pairs = pairsOf(words)
  if ([...pairs.keys()].some((name) => !names.includes(name))) throw misused()
  const result = await testConnection(ctx, own, Object.fromEntries(pairs), 'operator')
  if (result.type === 'nothing_to_test') throw new StartProblem('There is no endpoint with a key yet.')
  if (result.type === 'invalid') throw new StartProblem(sentencesOf(result.fields))
  await flushCalls(ctx)
  for (const { event, ms, http_status, reading } of result.calls)
    say(`${event}: ${http_status ?? 'no answer'} after ${ms} ms, ${reading.result}`)
  if (!result.passed) throw new StartProblem(result.text)
  say(result.text)
}

export const connectionActs: readonly (readonly [string, Act])[] = [
  ['add-connection', addConnection],
  ['connection', connection],
  ['test-connection', test],
  ...rateActs,
]
