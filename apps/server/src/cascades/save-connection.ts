import type { RequisiteMethod } from '@cascad/connector/requisites'
import { parseAmount } from '@cascad/money'
import type { Context } from '../context.ts'
import type { Transaction } from '../database/connect.ts'
import { currencies as knownCurrencies } from '../directory/currencies.ts'
import { forgetRouting } from '../routing/load-routing.ts'
import { narrowGateway } from '../routing/narrow-gateway.ts'
import { replaceCredentials } from '../routing/replace-credentials.ts'
import type { MethodLimits } from './connection.ts'
import { type SettingsChange, updateSettings } from './connection-settings-table.ts'
import type { OwnConnection } from './read-connection.ts'

/** What its owner may agree about a connection by himself. Left out = as before. */
export type ConnectionWish = {
  readonly finalise_grace_s?: number
  readonly request_gap_ms?: number
  readonly supports_idempotency_key?: boolean
  /** All that are enabled, each with its limits. */
  readonly methods?: readonly { readonly method: RequisiteMethod; readonly limits: MethodLimits }[]
}

/** What only the operator agrees to. */
export type OperatorWish = ConnectionWish & {
  readonly rate_source?: string | null
  /** Decimal text. */
  readonly rate_margin_percent?: string
  readonly window_minutes?: number
  readonly create_timeout_s?: number
  readonly require_luhn?: boolean
  /** `null` = every currency. */
  readonly currencies?: readonly string[] | null
}

type Fields = Record<string, string>

/**
 * Saves settings of a connection, and `beside` in the same commit; returns one sentence per field that is wrong, `null` when all is
 * saved. Cascade API, section 1.1.
 */
export async function saveConnection(
  ctx: Context,
  own: OwnConnection,
  wish: OperatorWish,
  beside?: (tx: Transaction) => Promise<void>,
): Promise<Fields | null> {
  const fields: Fields = { ...mistakesInNumbers(wish), ...mistakesInRate(wish) }
  const known = await knownCurrencies(ctx)
  for (const code of wish.currencies ?? []) if (!known.has(code)) fields.currencies = `there is no currency ${code}`
  const chosen = wish.currencies === undefined ? own.gateway.currencies && [...own.gateway.currencies] : wish.currencies
  // A limit that could not be said in one of the currencies would be no limit there.
  const exponent = chosen === null ? 0 : Math.min(...chosen.map((code) => known.get(code)?.exponent ?? 0))
  for (const [index, { method, limits }] of (wish.methods ?? []).entries())
    Object.assign(fields, mistakesInMethod(`methods.${index}`, method, limits, { own, wish, exponent }))
  for (const name of Object.keys(agreedIn(wish)))
    if (own.gateway.credentials === null) fields[name] ??= 'can be set once there is an endpoint with a key'
  if (wish.methods?.length === 0) fields.methods = 'must name at least one method'
  if (Object.keys(fields).length > 0) return fields
  await write(ctx, own, wish, beside)
  return null
}

async function write(
  ctx: Context,
  own: OwnConnection,
  wish: OperatorWish,
  beside?: (tx: Transaction) => Promise<void>,
): Promise<void> {
  const { gateway } = own
  const { finalise_grace_s, request_gap_ms, supports_idempotency_key, rate_source, rate_margin_percent } = wish
  const limits = wish.methods && Object.fromEntries(wish.methods.map((one) => [one.method, one.limits]))
  const given = { finalise_grace_s, request_gap_ms, supports_idempotency_key, rate_source, rate_margin_percent, limits }
  const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as SettingsChange
  const methods = wish.methods && directoryMethods(own, new Set(wish.methods.map(({ method }) => method)))
  const agreed = agreedIn(wish)
  await ctx.sql.begin(async (tx) => {
    await updateSettings(tx, gateway.gateway_id, change, ctx.now())
    if (methods !== undefined || wish.currencies !== undefined)
      await narrowGateway(ctx, tx, gateway.gateway_id, {
        ...(methods && { methods }),
        ...(wish.currencies !== undefined && { currencies: wish.currencies }),
      })
    if (Object.keys(agreed).length > 0)
      await replaceCredentials(ctx, tx, gateway.gateway_id, (before) => ({ ...before, ...agreed }))
    await beside?.(tx)
  })
  forgetRouting(ctx)
}

/** What the directory calls these methods. */
function directoryMethods({ requisites }: OwnConnection, chosen: ReadonlySet<RequisiteMethod>): string[] {
  return Object.entries(requisites.methods).flatMap(([name, method]) => (chosen.has(method) ? [name] : []))
}

/** What stands among the credentials of the gateway and is agreed with the operator. */
function agreedIn({ window_minutes, create_timeout_s, require_luhn }: OperatorWish): Record<string, unknown> {
  const agreed = { window_minutes, create_timeout_s, require_luhn }
  return Object.fromEntries(Object.entries(agreed).filter(([, value]) => value !== undefined))
}

const ranges = {
  finalise_grace_s: [0, 110],
  request_gap_ms: [0, 600_000],
  window_minutes: [5, 1440],
  create_timeout_s: [1, 60],
} as const

function mistakesInNumbers(wish: OperatorWish): Fields {
  const fields: Fields = {}
  for (const name of Object.keys(ranges) as (keyof typeof ranges)[]) {
    const [least, most] = ranges[name]
    const value = wish[name]
    if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most))
      fields[name] = `must be a whole number from ${least} to ${most}`
  }
  return fields
}

function mistakesInRate({ rate_source, rate_margin_percent }: OperatorWish): Fields {
  const fields: Fields = {}
  if (rate_source !== undefined && rate_source !== null && !/^[a-z0-9][a-z0-9_-]{0,49}$/.test(rate_source))
    fields.rate_source = 'must be a word of small letters, digits, "-" and "_"'
  if (rate_margin_percent !== undefined && !/^-?\d{1,2}(\.\d{1,4})?$/.test(rate_margin_percent))
    fields.rate_margin_percent = 'must be a percentage between -100 and 100 with at most 4 decimals'
  return fields
}

type Limited = { readonly own: OwnConnection; readonly wish: OperatorWish; readonly exponent: number }

function mistakesInMethod(path: string, method: RequisiteMethod, limits: MethodLimits, of: Limited): Fields {
  const fields: Fields = {}
  if (!Object.values(of.own.requisites.methods).includes(method)) fields[`${path}.method`] = 'is not a method'
  if ((of.wish.methods ?? []).filter((one) => one.method === method).length > 1)
    fields[`${path}.method`] = 'must be named once'
  const amounts: Partial<Record<keyof MethodLimits, bigint>> = {}
  for (const name of ['min', 'max', 'daily_amount'] as const) {
    const text = limits[name]
    if (text === undefined) continue
    const minor = /^\d{1,12}(\.\d+)?$/.test(text) ? parseAmount(text, of.exponent) : 'not_a_number'
    if (typeof minor === 'bigint' && minor > 0n) amounts[name] = minor
    else fields[`${path}.limits.${name}`] = `must be an amount above 0 with at most ${of.exponent} decimals`
  }
  if (amounts.min !== undefined && amounts.max !== undefined && amounts.max < amounts.min)
    fields[`${path}.limits.max`] = 'must not be below the least amount'
  const { daily_count } = limits
  if (daily_count !== undefined && !(Number.isInteger(daily_count) && daily_count >= 1 && daily_count <= 1_000_000))
    fields[`${path}.limits.daily_count`] = 'must be a whole number from 1 to 1000000'
  return fields
}
