/** What a routing rule may ask about a payment. Cascading rules, section 2.2. */
import type { ConnectorOperation } from '../gateway.ts'

/** The moment of routing in the scheme's time zone. */
export type Calendar = {
  /** 0–23 */
  readonly hour: number
  /** 1–7, Monday 1 */
  readonly weekday: number
  readonly day: number
  readonly month: number
  readonly day_of_year: number
}

export type CardFacts = {
  /** Lower case. */
  readonly brand: string | null
  /** First six digits. */
  readonly bin: string | null
  /** First eight digits; never stored. */
  readonly bin8: string | null
  readonly issuer_country: string | null
  readonly token_used: boolean
  readonly cvv_present: boolean
  /** Attempts with it at this merchant that were declined in the last 24 hours; `null` = not looked up. */
  readonly declined_24h: number | null
}

/** `null` = not known, not given. Amounts in minor units of `currency`, what the payer pays in. */
export type RoutingFacts = {
  readonly amount_minor: bigint
  /** In minor units of the account's base currency; `null` when it cannot be converted. */
  readonly amount_base_minor: bigint | null
  readonly currency: string
  readonly method: string | null
  readonly service: string | null
  readonly flow: string | null
  readonly operation: 'payment' | 'authorization' | 'payout'
  /** What the gateway's connector will be asked to do. */
  readonly connector_operation: ConnectorOperation
  readonly merchant: string
  /** Credential of the Card API the payment came in by. */
  readonly shop: number | null
  readonly test: boolean
  /** By the payer's address. */
  readonly country: string | null
  readonly billing_country: string | null
  readonly ip: string | null
  /** What is asked of the gateway: `off`, `auto`, `required`; `null` = not a matter of this payment. */
  readonly three_ds: string | null
  /** The payer is not there. */
  readonly merchant_initiated: boolean
  /** `null` = no card in this payment. */
  readonly card: CardFacts | null
  readonly customer: { readonly id: string | null; readonly email: string | null } | null
  readonly metadata: Readonly<Record<string, unknown>> | null
  /** Number of the attempt that is about to be made, from 1. */
  readonly attempt_number: number
  readonly calendar: Calendar
}

/** Facts, and what is drawn from the payment when a rule asks for it. */
export type Asked = { readonly facts: RoutingFacts; readonly randomBucket: () => number }

/** `code` = compared without regard to case; `address` = IP address, `in` also takes networks. */
export type FieldType = 'amount' | 'number' | 'text' | 'code' | 'flag' | 'address'
export type FieldValue = string | number | bigint | boolean | null

export type Field = { readonly type: FieldType; readonly read: (asked: Asked) => FieldValue }

const field = (type: FieldType, read: (facts: RoutingFacts) => FieldValue | undefined): Field => ({
  type,
  read: ({ facts }) => read(facts) ?? null,
})

const fields: Readonly<Record<string, Field>> = {
  amount: field('amount', (facts) => facts.amount_minor),
  amount_base: field('amount', (facts) => facts.amount_base_minor),
  currency: field('code', (facts) => facts.currency),
  method: field('code', (facts) => facts.method),
  service: field('code', (facts) => facts.service),
  flow: field('code', (facts) => facts.flow),
  operation: field('code', (facts) => facts.operation),
  merchant: field('text', (facts) => facts.merchant),
  shop: field('number', (facts) => facts.shop),
  test: field('flag', (facts) => facts.test),
  country: field('code', (facts) => facts.country),
  billing_country: field('code', (facts) => facts.billing_country),
  three_ds: field('code', (facts) => facts.three_ds),
  merchant_initiated: field('flag', (facts) => facts.merchant_initiated),
  ip: field('address', (facts) => facts.ip),
  hour: field('number', (facts) => facts.calendar.hour),
  weekday: field('number', (facts) => facts.calendar.weekday),
  day: field('number', (facts) => facts.calendar.day),
  month: field('number', (facts) => facts.calendar.month),
  day_of_year: field('number', (facts) => facts.calendar.day_of_year),
  random_bucket: { type: 'number', read: (asked) => asked.randomBucket() },
  attempt_number: field('number', (facts) => facts.attempt_number),
  'card.brand': field('text', (facts) => facts.card?.brand),
  'card.bin': field('text', (facts) => facts.card?.bin),
  'card.bin8': field('text', (facts) => facts.card?.bin8),
  'card.issuer_country': field('code', (facts) => facts.card?.issuer_country),
  'card.token_used': field('flag', (facts) => facts.card?.token_used),
  'card.cvv_present': field('flag', (facts) => facts.card?.cvv_present),
  'card.declined_24h': field('number', (facts) => facts.card?.declined_24h),
  'customer.id': field('text', (facts) => facts.customer?.id),
  'customer.email': field('text', (facts) => facts.customer?.email),
  'customer.email_domain': field('text', (facts) => emailDomain(facts.customer?.email ?? null)),
}

/** Names of all fields but `metadata.<key>`. */
export const fieldNames: readonly string[] = Object.keys(fields)

const metadataPrefix = 'metadata.'

/** The field of this name, or `null` when there is none. `metadata.<key>` is text: numbers as they were written. */
export function findField(name: string): Field | null {
  if (Object.hasOwn(fields, name)) return fields[name] as Field
  if (!name.startsWith(metadataPrefix) || name.length === metadataPrefix.length) return null
  const key = name.slice(metadataPrefix.length)
  return field('text', ({ metadata }) => (metadata && Object.hasOwn(metadata, key) ? textOf(metadata[key]) : null))
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  // A number that a double cannot hold travels as its own text.
  if (typeof value === 'object' && value !== null && 'rawJSON' in value) return String(value.rawJSON)
  return null
}

function emailDomain(email: string | null): string | null {
  const at = email?.lastIndexOf('@') ?? -1
  return email === null || at < 0 ? null : email.slice(at + 1).toLowerCase()
}

/** A value as an explanation may show it: personal data masked, amounts as text. */
export function shownValue(name: string, value: FieldValue): string | number | boolean | null {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'string') return value
  if (name === 'customer.email') return `${value.slice(0, 1)}***@${emailDomain(value) ?? ''}`
  if (name === 'card.bin8') return `${value.slice(0, 6)}**`
  if (name === 'ip') return maskedAddress(value)
  return value.slice(0, 200)
}

/** IPv4 without its last part, IPv6 with at most its first 48 bits. */
function maskedAddress(address: string): string {
  if (!address.includes(':')) return address.replace(/\d+$/, '0')
  const [before = ''] = address.split('::')
  return `${before.split(':').slice(0, 3).join(':')}::`
}
