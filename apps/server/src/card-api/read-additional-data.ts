/** `additional_data` of a payment or authorization: what steers it, and what is only shown again. Card API contract 4.4. */
import { type JsonValue, numberText } from '../http/json.ts'
import { type FieldReader, texts } from './field-reader.ts'
import type { CardOnFile, ParentWish } from './read-parent-request.ts'
import type { Contract } from './transaction.ts'

type Additional = Pick<
  ParentWish,
  | 'additional_data'
  | 'excluded_gateways'
  | 'cascade'
  | 'browser'
  | 'contract'
  | 'card_on_file'
  | 'expected_bank_code'
  | 'test_scenario'
>

const bytes_max = 16_384
const excluded_max = 100
const receipt_lines_max = 10
const contracts: readonly string[] = ['recurring', 'oneclick', 'credit', 'card_on_file']
const fileTypes = /^(delayed_charge|increment|resubmission|reauthorization|no_show)$/
const codeForm = /^[SFP]\.\d{4}$/
const stepForm =
  /^(approve|decline:[0-9A-Z]{2}(:\d{2})?|code:F\.\d{4}|refuse_connection|timeout:(not_)?charged|http500:(not_)?charged|malformed:charged|late:\d{1,6}:charged|3ds:[YACNUR]|slow:\d{1,6})$/
const browserFields = [
  'screen_width',
  'screen_height',
  'screen_color_depth',
  'language',
  'java_enabled',
  'user_agent',
  'time_zone',
  'time_zone_name',
  'accept_header',
  'window_width',
  'window_height',
] as const

export function readAdditionalData(reader: FieldReader, { test }: { readonly test: boolean }): Additional {
  const { test_scenario: _, ...shown } = reader.all()
  const size = Buffer.byteLength(JSON.stringify(reader.all()))
  if (size > bytes_max) reader.failWhole(texts.tooLong(bytes_max))
  const excluded_gateways = readExcluded(reader)
  const cascade = reader.boolean('cascade')
  const browser = readBrowser(reader.inside('browser'))
  const contract = readContract(reader)
  const card_on_file = readCardOnFile(reader)
  reader.object('avs_cvc_verification')
  readReceipt(reader)
  reader.object('meta')
  reader.object('fiscalization')
  for (const name of ['platform_data', 'integration_data', 'referer', 'request_id']) reader.text(name, {})
  const vendor = reader.inside('vendor')
  vendor.text('name', {})
  vendor.text('token', {})
  return {
    additional_data: shown,
    excluded_gateways,
    cascade,
    browser,
    contract,
    card_on_file,
    ...(test
      ? { expected_bank_code: readCode(reader), test_scenario: readScenario(reader) }
      : { expected_bank_code: null, test_scenario: null }),
  }
}

function readExcluded(reader: FieldReader): number[] | null {
  const name = 'excluded_gateways'
  const value = reader.value(name)
  if (value === null) return null
  if (!Array.isArray(value) || value.length > excluded_max) return reader.fail(name, texts.invalid)
  const ids = value.map((item) => {
    const text = typeof item === 'string' ? item.trim() : numberText(item)
    return text !== null && /^0*[1-9]\d{0,14}$/.test(text) ? Number(text) : null
  })
  const known = ids.filter((id) => id !== null)
  return known.length < ids.length ? reader.fail(name, texts.invalid) : [...new Set(known)]
}

function readBrowser(reader: FieldReader): Record<string, string> {
  const browser: Record<string, string> = {}
  for (const name of browserFields) {
    const value = reader.value(name)
    const text = typeof value === 'boolean' ? String(value) : reader.text(name, {})
    if (text !== null) browser[name] = text
  }
  return browser
}

export function readContract(reader: FieldReader): Contract[] {
  const value = reader.value('contract')
  if (value === null) return []
  const list = Array.isArray(value) ? value : [value]
  if (!list.every((item) => typeof item === 'string' && contracts.includes(item))) {
    reader.fail('contract', texts.invalid)
    return []
  }
  return [...new Set(list as Contract[])]
}

function readCardOnFile(reader: FieldReader): CardOnFile | null {
  if (reader.object('card_on_file') === null) return null
  const file = reader.inside('card_on_file')
  const initiator = file.text('initiator', { form: /^(merchant|customer)$/ }) as CardOnFile['initiator']
  return { initiator, type: file.text('type', { form: fileTypes }) }
}

function readReceipt(reader: FieldReader): void {
  const value = reader.value('receipt_text')
  if (value === null) return
  const good =
    Array.isArray(value) && value.length <= receipt_lines_max && value.every((line) => typeof line === 'string')
  if (!good) reader.fail('receipt_text', texts.invalid)
}

function readCode(reader: FieldReader): string | null {
  return reader.text('expected_bank_code', { form: codeForm })
}

function readScenario(reader: FieldReader): Additional['test_scenario'] {
  const scenario = reader.object('test_scenario')
  if (scenario === null) return null
  const entries = Object.entries(scenario)
  const good = entries.every(([gateway, steps]) => /^(\*|[1-9]\d{0,8})$/.test(gateway) && isSteps(steps))
  return good ? (scenario as Record<string, string | string[]>) : reader.fail('test_scenario', texts.invalid)
}

function isSteps(value: JsonValue): boolean {
  const list = Array.isArray(value) ? value : [value]
  return list.length > 0 && list.length <= 100 && list.every((step) => typeof step === 'string' && stepForm.test(step))
}
