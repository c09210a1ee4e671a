/** A payment or authorization as it is asked for: the request → what is wanted, or every mistake at once. Card API contract 4. */
import type { Shop } from '../accounts/shop.ts'
import { starterCurrencies } from '../directory/starter/currencies.ts'
import { asObject } from '../http/attributes.ts'
import { type JsonObject, type JsonValue, numberText } from '../http/json.ts'
import { passesLuhn } from '../payments/rules/card.ts'
import { CardProblem } from './card-problem.ts'
import { FieldReader, texts } from './field-reader.ts'
import { readAdditionalData } from './read-additional-data.ts'
import { isExpired } from './rules/card-expiry.ts'
import type { Address, Contract, Customer } from './transaction.ts'

export type WishedCard = {
  /** `null` when a token stands for it. */
  readonly number: string | null
  readonly token: string | null
  readonly verification_value: string | null
  readonly holder: string | null
  readonly exp_month: number | null
  readonly exp_year: number | null
  readonly skip_three_d_secure_verification: boolean
  readonly save_card: boolean
}

export type CardOnFile = { readonly initiator: 'merchant' | 'customer' | null; readonly type: string | null }

export type ParentWish = {
  readonly amount_minor: bigint
  readonly currency: string
  readonly description: string
  readonly tracking_id: string | null
  readonly expired_at: Date | null
  readonly duplicate_check: boolean
  readonly descriptor: string | null
  readonly language: string
  readonly notification_url: string | null
  readonly return_url: string | null
  readonly test: boolean
  readonly card: WishedCard
  readonly customer: Customer | null
  readonly billing_address: Address | null
  /** As it is shown again. */
  readonly additional_data: JsonObject
  /** `null` = not sent; an empty list was sent and switches automatic hops off. */
  readonly excluded_gateways: readonly number[] | null
  readonly cascade: boolean | null
  readonly browser: Readonly<Record<string, string>>
  readonly contract: readonly Contract[]
  readonly card_on_file: CardOnFile | null
  readonly expected_bank_code: string | null
  readonly test_scenario: Readonly<Record<string, string | readonly string[]>> | null
}

const amount_max = 999_999_999_999n
const custom_fields_bytes_max = 4096
/** Which of them a shop can be paid in is no question of the request. */
const currencies = new Set(starterCurrencies.map(({ code }) => code).filter((code) => /^[A-Z]{3}$/.test(code)))

/** Throws CardProblem: 422 with every mistake, 403 for card numbers of a shop that may not send them. */
export function readParentRequest(body: JsonObject, shop: Shop, now: Date): ParentWish {
  const root = requestOf(body)
  const reader = new FieldReader(root)
  refuseCardNumber(reader.inside('credit_card'), shop)
  const description = reader.text('description', { required: true, max: 255 })
  const amount_minor = reader.amount('amount', amount_max)
  const currency = readCurrency(reader)
  const tracking_id = reader.text('tracking_id', { max: 255 })
  const expired_at = reader.time('expired_at')
  if (expired_at && expired_at <= now) reader.fail('expired_at', texts.past)
  const duplicate_check = reader.boolean('duplicate_check') ?? true
  const descriptor = reader.text('dynamic_billing_descriptor', { max: 255 })
  const language = readLanguage(reader) ?? 'en'
  const notification_url = reader.url('notification_url')
  const return_url = reader.url('return_url')
  reader.url('verification_url')
  const test = reader.boolean('test') ?? false
  if (reader.value('encrypted_credit_card') !== null) reader.fail('encrypted_credit_card', texts.notSupported)
  const card = readCard(reader, { merchant_initiated: isMerchantInitiated(root), now })
  const billing_address = readAddress(reader.inside('billing_address'))
  const customer = readCustomer(reader.inside('customer'), reader.inside('billing_address'), billing_address)
  requireFields(reader, shop, { customer, billing_address })
  const additional = readAdditionalData(reader.inside('additional_data'), { test: test || shop.settings.test_mode })
  const custom = reader.object('custom_fields')
  if (custom && Buffer.byteLength(JSON.stringify(custom)) > custom_fields_bytes_max)
    reader.fail('custom_fields', texts.tooLong(custom_fields_bytes_max))
  if (card.number !== null) refuseRepeatedNumber(reader, root, card.number)
  const errors = reader.errors()
  if (errors || amount_minor === null || currency === null || description === null)
    throw new CardProblem(422, 'E.1025', errors)
  return {
    amount_minor,
    currency,
    description,
    tracking_id,
    expired_at,
    duplicate_check,
    descriptor,
    language,
    notification_url,
    return_url,
    test,
    card,
    customer: isEmpty(customer) ? null : customer,
    billing_address: isEmpty(billing_address) ? null : billing_address,
    ...additional,
    additional_data: custom ? { ...additional.additional_data, custom_fields: custom } : additional.additional_data,
  }
}

/** A card number is kept nowhere, so it may stand in no field that is kept, whole or in groups. */
function refuseRepeatedNumber(reader: FieldReader, root: JsonObject, number: string): void {
  for (const [name, value] of Object.entries(root)) {
    if (name === 'credit_card' || value === null) continue
    if (JSON.stringify(value).replaceAll(/[ -]/g, '').includes(number)) reader.fail(name, texts.invalid)
  }
}

/** The root object of a body. */
export function requestOf(body: JsonObject): JsonObject {
  const root = Object.hasOwn(body, 'request') ? asObject(body.request) : null
  if (root === null) throw new CardProblem(422, 'E.1025', { base: ['request is missing'] })
  return root
}

/** 403 when a shop that may not send card numbers sends one, whatever else is wrong. A number beside a token is not read. */
export function refuseCardNumber(card: FieldReader, { settings }: Shop): void {
  if (settings.raw_card_data || card.value('token') !== null || card.value('number') === null) return
  throw new CardProblem(403, 'E.1065')
}

function readCurrency(reader: FieldReader): string | null {
  const currency = reader.text('currency', { required: true })?.toUpperCase() ?? null
  return currency === null || currencies.has(currency) ? currency : reader.fail('currency', texts.invalid)
}

/** ISO 639-1, also one without texts of its own. */
export function readLanguage(reader: FieldReader): string | null {
  return reader.text('language', { form: /^[A-Za-z]{2}$/ })?.toLowerCase() ?? null
}

function isEmpty(facts: object): boolean {
  return Object.values(facts).every((value) => value === null)
}

/** Asked before the card is read, which comes first in the request: a payer who is not present gives no security code. */
function isMerchantInitiated(root: JsonObject): boolean {
  return asObject(asObject(root.additional_data)?.card_on_file)?.initiator === 'merchant'
}

type CardFacts = { readonly merchant_initiated: boolean; readonly now: Date }

const noCard: WishedCard = {
  number: null,
  token: null,
  verification_value: null,
  holder: null,
  exp_month: null,
  exp_year: null,
  skip_three_d_secure_verification: false,
  save_card: false,
}

function readCard(request: FieldReader, { merchant_initiated, now }: CardFacts): WishedCard {
  if (request.value('credit_card') === null) {
    if (request.value('encrypted_credit_card') === null) request.fail('credit_card', texts.blank)
    return noCard
  }
  const reader = request.inside('credit_card')
  const token = reader.text('token', {})
  const number = token === null ? readCardNumber(reader) : null
  const by_number = token === null
  const cvv = reader.value('verification_value')
  const verification_value = readVerificationValue(reader, cvv, by_number && !merchant_initiated)
  const holder = by_number ? reader.text('holder', { required: true, max: 32 }) : null
  const exp_month = by_number ? reader.whole('exp_month', 1, 12, true) : null
  const exp_year = by_number ? reader.whole('exp_year', 1000, 9999, true) : null
  if (exp_month !== null && exp_year !== null && isExpired(exp_month, exp_year, now)) reader.fail('date', texts.expired)
  const skip = reader.boolean('skip_three_d_secure_verification') ?? false
  const save_card = reader.boolean('save_card') ?? false
  return {
    number,
    token,
    verification_value,
    holder,
    exp_month,
    exp_year,
    skip_three_d_secure_verification: skip,
    save_card,
  }
}

/** 12 to 19 digits that pass Luhn, blanks and dashes taken out; `null` after an error. */
export function readCardNumber(reader: FieldReader): string | null {
  const value = reader.value('number')
  const text = typeof value === 'string' ? value : numberText(value)
  if (value === null || text?.trim() === '') return reader.fail('number', texts.blank)
  const number = text?.replace(/[ -]/g, '') ?? ''
  return /^\d{12,19}$/.test(number) && passesLuhn(number) ? number : reader.fail('number', texts.invalid)
}

function readVerificationValue(reader: FieldReader, value: JsonValue | null, required: boolean): string | null {
  const name = 'verification_value'
  const text = typeof value === 'string' ? value.trim() : numberText(value)
  if (value === null || text === '') return required ? reader.fail(name, texts.blank) : null
  if (text === null || !/^\d+$/.test(text)) return reader.fail(name, texts.notANumber)
  return /^\d{3,4}$/.test(text) ? text : reader.fail(name, texts.invalid)
}

function readAddress(reader: FieldReader): Address {
  const address = {
    first_name: reader.text('first_name', { max: 64 }),
    last_name: reader.text('last_name', { max: 64 }),
    address: reader.text('address', { max: 255 }),
    country: reader.country('country'),
    city: reader.text('city', { max: 64 }),
    zip: reader.text('zip', { max: 16 }),
    state: reader.text('state', { max: 64 }),
    phone: reader.text('phone', { max: 32 }),
  }
  if (address.country === 'US' && address.zip !== null && !/^\d{5}(-\d{4})?$/.test(address.zip))
    reader.fail('zip', texts.invalid)
  return address
}

/** What the seed's sample carries in the address is used where the customer lacks it. */
function readCustomer(reader: FieldReader, inAddress: FieldReader, { phone }: Address): Customer {
  const customer = {
    ip: reader.ip('ip'),
    email: reader.text('email', { max: 255 }),
    phone: reader.text('phone', { max: 32 }),
    device_id: reader.text('device_id', { max: 255 }),
    birth_date: reader.date('birth_date'),
    external_id: reader.text('external_id', { max: 255 }),
  }
  const email = inAddress.text('email', { max: 255 })
  const birth_date = inAddress.date('birth_date')
  const device_id = inAddress.text('device_id', { max: 255 })
  return {
    ...customer,
    email: customer.email ?? email,
    phone: customer.phone ?? phone,
    device_id: customer.device_id ?? device_id,
    birth_date: customer.birth_date ?? birth_date,
  }
}

/** Fields that the shop wants of every request, by their paths. */
function requireFields(
  reader: FieldReader,
  { settings }: Shop,
  given: Readonly<Record<string, Readonly<Record<string, string | null>>>>,
): void {
  for (const path of settings.required_customer_fields) {
    const [section = '', name = ''] = path.split('.')
    const found = given[section]?.[name] ?? reader.inside(section).text(name, {})
    if (found === null) reader.fail(path, texts.blank)
  }
}
