/** Settings of a gateway as an operator types them: `name=value`. Cascading rules, section 4: what makes a gateway fit a payment. */
import type { Connector } from '@cascad/connector'
import { formatFixed, parseAmount } from '@cascad/money'
import { flag, oneLine, orNothing, type Reader, readNamedValues, wholeNumber } from '../http/read-named-values.ts'
import { isCountry } from '../http/text-forms.ts'
import type { GatewayRow } from './table.ts'

/** As in the table: a list narrows what the connector can, limits are in minor units of whatever the payer pays in; `null` = no bound. */
export type GatewaySettings = Pick<
  GatewayRow,
  | 'name'
  | 'merchant_code'
  | 'methods'
  | 'currencies'
  | 'brands'
  | 'issuer_countries'
  | 'operations'
  | 'amount_min_minor'
  | 'amount_max_minor'
  | 'priority'
  | 'failure_domain'
  | 'accept_late_success'
>

/** What a gateway may be narrowed to. */
export type SettingsScope = {
  readonly can: Connector['can']
  /** The directory's, by code. */
  readonly currencies: ReadonlyMap<string, { readonly exponent: number }>
  /** As a card number tells them. */
  readonly brands: readonly string[]
}

type Typed = Omit<GatewaySettings, 'amount_min_minor' | 'amount_max_minor'> & {
  readonly amount_min: string | null
  readonly amount_max: string | null
}

type ReadSettings =
  | { readonly settings: GatewaySettings; readonly mistake: null }
  | { readonly settings: null; readonly mistake: string }

/** What a column of the table holds. */
const minor_max = 2n ** 63n - 1n

/** A gateway nobody has narrowed. */
export const usualSettings = (name: string): GatewaySettings => ({
  name,
  merchant_code: null,
  methods: null,
  currencies: null,
  brands: null,
  issuer_countries: null,
  operations: null,
  amount_min_minor: null,
  amount_max_minor: null,
  priority: 0,
  failure_domain: null,
  accept_late_success: false,
})

/** Several words between commas, each once. */
function some(isKnown: (word: string) => boolean, allowed: string): Reader {
  return orNothing({
    read: (text) => {
      const words = [...new Set(text.split(','))]
      return words.every(isKnown) ? words : undefined
    },
    allowed: `${allowed}, separated by commas`,
  })
}

const someOf = (words: readonly string[]): Reader =>
  words.length > 0
    ? some((word) => words.includes(word), `some of ${words.join(', ')}`)
    : some(() => false, 'what there is, and there is nothing yet')

const amount = orNothing({
  read: (text) => (/^\d{1,15}(\.\d{1,18})?$/.test(text) && /[1-9]/.test(text) ? text : undefined),
  allowed: 'an amount above 0 such as 10.50',
})

const readersOf = ({ can, currencies, brands }: SettingsScope): { readonly [name in keyof Typed]-?: Reader } => ({
  name: oneLine(1, 100),
  merchant_code: orNothing(oneLine(1, 100)),
  methods: someOf(can.methods),
  currencies: someOf(
    [...currencies.keys()].filter((code) => can.currencies === 'all' || can.currencies.includes(code)),
  ),
  brands: someOf(brands),
  issuer_countries: some(isCountry, 'countries of two capitals such as DE,FR'),
  operations: someOf(can.operations),
  amount_min: amount,
  amount_max: amount,
  priority: wholeNumber(0, 1_000_000),
  failure_domain: orNothing(oneLine(1, 100)),
  accept_late_success: flag,
})

/**
 * The settings once `given` is done to those `before`, or what is wrong with the first bad text. A limit is one number for all
 * currencies of the gateway, so it can be said only where they have the same number of decimals.
 */
export function readGatewaySettings(
  given: readonly string[],
  before: GatewaySettings,
  scope: SettingsScope,
): ReadSettings {
  const { values, mistake } = readNamedValues<Typed>(readersOf(scope), given)
  if (values === null) return { settings: null, mistake }
  const { amount_min, amount_max, ...rest } = values
  const after: GatewaySettings = { ...before, ...rest }
  const exponents = { before: exponentOf(before, scope), after: exponentOf(after, scope) }
  const least = limitOf('amount_min', amount_min, before.amount_min_minor, exponents)
  const most = limitOf('amount_max', amount_max, before.amount_max_minor, exponents)
  for (const limit of [least, most]) if (typeof limit === 'string') return { settings: null, mistake: limit }
  const [amount_min_minor, amount_max_minor] = [least, most] as [bigint | null, bigint | null]
  if (amount_min_minor !== null && amount_max_minor !== null && amount_max_minor < amount_min_minor)
    return { settings: null, mistake: 'amount_max would be below amount_min' }
  return { settings: { ...after, amount_min_minor, amount_max_minor }, mistake: null }
}

/** Decimals of all currencies of the gateway; `null` when they differ, or when it takes whatever there is. */
function exponentOf({ currencies }: GatewaySettings, scope: SettingsScope): number | null {
  const codes = currencies ?? (scope.can.currencies === 'all' ? [] : scope.can.currencies)
  const exponents = new Set(codes.map((code) => scope.currencies.get(code)?.exponent))
  const [exponent] = exponents
  return exponents.size === 1 ? (exponent ?? null) : null
}

/** Minor units, `null` = no limit; a text says what is wrong. */
function limitOf(
  name: string,
  typed: string | null | undefined,
  stored: bigint | null,
  exponents: { readonly before: number | null; readonly after: number | null },
): bigint | null | string {
  const { before, after: exponent } = exponents
  if (typed === null) return null
  if (typed === undefined) {
    if (stored === null || before === exponent) return stored
    return `${name} was said in other decimals than those of the new currencies: give it too, or ${name}= for no limit`
  }
  if (exponent === null)
    return `${name} needs currencies=… with the same number of decimals: one limit holds for all currencies of the gateway`
  const minor = parseAmount(typed, exponent)
  if (typeof minor === 'string' || minor > minor_max) return `${name} takes an amount with at most ${exponent} decimals`
  return minor
}

/** As they are typed. A limit whose decimals nobody can tell is shown in minor units. */
export function gatewaySettingLines(settings: GatewaySettings, scope: SettingsScope): string[] {
  const { amount_min_minor, amount_max_minor, ...rest } = settings
  const exponent = exponentOf(settings, scope)
  const limit = (minor: bigint | null): string => {
    if (minor === null) return ''
    return exponent === null ? `${minor} in minor units` : formatFixed(minor, exponent)
  }
  const shown: Typed = { ...rest, amount_min: limit(amount_min_minor), amount_max: limit(amount_max_minor) }
  return (Object.keys(readersOf(scope)) as (keyof Typed)[]).map((name) => `${name}=${shown[name] ?? ''}`)
}
