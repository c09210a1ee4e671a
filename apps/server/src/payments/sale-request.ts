/** The card details of `POST /payment/sale`: attributes → card, or every mistake at once. Merchant API contract 15. */
import { isIP } from 'node:net'
import type { Card } from '@cascad/connector'
import { Fields } from '../http/fields.ts'
import { type JsonObject, numberText } from '../http/json.ts'
import { messages } from '../http/messages.ts'
import { type CardProblem, readCard } from './rules/read-card.ts'

export const saleTypes = ['sale-operation', 'sale-operations'] as const

export type SaleRequest = {
  /** `null` = the saved card of the payment. */
  readonly card: Card | null
  /** Security code for a saved card. */
  readonly cvv: string | null
  /** Facts of the payer's browser, each as text. */
  readonly browser: Readonly<Record<string, string>>
  /** The payer's address as the merchant saw it; the request itself comes from the merchant's server. */
  readonly client_ip: string | null
}

// A wallet's payload is not opened in test mode; it stands for the test card that is approved without a challenge.
const walletTestCard: Card = { number: '5519283812030000', exp_month: '12', exp_year: '2030', cvv: null, holder: null }

const browserFactsMax = 40
const browserFactLengthMax = 2048
const problemTexts: Readonly<Record<CardProblem, string>> = { blank: messages.blank, invalid: messages.invalid }

/** Throws InvalidFields. Nothing of the card may leave the returned value for a log or a row. */
export function readSaleRequest(
  attributes: JsonObject,
  when: { readonly now: Date; readonly test_mode: boolean; readonly saved_card: boolean },
): SaleRequest {
  const fields = new Fields(attributes)
  const browser = readBrowser(fields)
  const client_ip = browser.browser_ip !== undefined && isIP(browser.browser_ip) !== 0 ? browser.browser_ip : null
  if (fields.has('google_pay')) {
    if (!when.test_mode) fields.fail('google_pay', messages.invalid)
    fields.check()
    return { card: walletTestCard, cvv: null, browser, client_ip }
  }
  const text = (path: string): string | null => fields.text(path, { numbers: true, max: 40 })
  const number = text('card_number')
  const holder = fields.text('card_holder', { max: 100 })
  const cvv = text('cvv')
  if (when.saved_card && number === null) {
    if (cvv !== null && !/^\d{3,4}$/.test(cvv)) fields.fail('cvv', messages.invalid)
    fields.check()
    return { card: null, cvv, browser, client_ip }
  }
  const exp_month = text('exp_month')
  const exp_year = text('exp_year')
  const read = readCard({ number, holder: holder || null, cvv, exp_month, exp_year }, when)
  if (read.problems !== null) {
    const { number: card_number, ...rest } = read.problems
    for (const [path, problem] of Object.entries({ card_number, ...rest })) {
      if (problem !== undefined) fields.fail(path, problemTexts[problem])
    }
  }
  fields.check()
  if (read.card === null) throw new Error('a refused card has no problems')
  return { card: read.card, cvv: null, browser, client_ip }
}

function readBrowser(fields: Fields): Record<string, string> {
  const facts: Record<string, string> = {}
  const sent = Object.entries(fields.object('browser_info') ?? {})
  for (const [name, value] of sent.slice(0, browserFactsMax)) {
    const text = typeof value === 'boolean' ? String(value) : typeof value === 'string' ? value : numberText(value)
    if (text !== null && text.length <= browserFactLengthMax) facts[name] = text
  }
  return facts
}
