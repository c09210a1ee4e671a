/** A card to be kept, or what is to change of a kept one. Card API contract 17.1. */
import type { Shop } from '../accounts/shop.ts'
import type { JsonObject } from '../http/json.ts'
import { isStorable } from '../http/text-forms.ts'
import { CardProblem } from './card-problem.ts'
import { FieldReader, texts } from './field-reader.ts'
import { readContract } from './read-additional-data.ts'
import { readCardNumber, refuseCardNumber, requestOf } from './read-parent-request.ts'
import { isExpired } from './rules/card-expiry.ts'
import type { Contract } from './transaction.ts'
import type { VaultChange } from './vault.ts'

export type CardTokenWish =
  | (VaultChange & { readonly token: string })
  | {
      readonly token: null
      readonly number: string
      readonly holder: string
      readonly exp_month: number
      readonly exp_year: number
      readonly contract: readonly Contract[]
    }

/** `token_in_path` = the card to change. Throws CardProblem with every mistake. */
export function readCardTokenRequest(
  body: JsonObject,
  token_in_path: string | null,
  shop: Shop,
  now: Date,
): CardTokenWish {
  const reader = new FieldReader(requestOf(body))
  const token = token_in_path ?? reader.text('token', {})
  if (token !== null && !isStorable(token)) throw new CardProblem(422, 'E.1037', { token: [texts.unknownToken] })
  if (token === null) refuseCardNumber(reader, shop)
  const creates = token === null
  const number = creates ? readCardNumber(reader) : null
  const holder = reader.text('holder', { required: creates, max: 32 })
  const exp_month = reader.whole('exp_month', 1, 12, creates)
  const exp_year = reader.whole('exp_year', 1000, 9999, creates)
  if (exp_month !== null && exp_year !== null && isExpired(exp_month, exp_year, now)) reader.fail('date', texts.expired)
  const given = reader.value('contract') !== null
  const contract = readContract(reader)
  const errors = reader.errors()
  if (errors) throw new CardProblem(422, 'E.1025', errors)
  if (token !== null) return { token, holder, exp_month, exp_year, contract: given ? contract : null }
  if (number === null || holder === null || exp_month === null || exp_year === null)
    throw new CardProblem(422, 'E.1025', null)
  return { token: null, number, holder, exp_month, exp_year, contract }
}
