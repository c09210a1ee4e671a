/** The issuer's checks of address and security code. In the books they stand in Stripe's words, both of an address in one text. */
import { type Body, isText } from '../request-fields.ts'
import type { CardBehaviour } from './test-cards.ts'

/** What the issuer says to address and code, in Stripe's words: one of the two checks of an address, `-` = not given. */
export function checksOf(
  fields: Body,
  { checks }: CardBehaviour,
): { readonly avs_result: string | null; readonly cvc_result: string | null } {
  const given = (name: string) => isText(fields[`payment_method_data${name}`])
  const line1 = given('[billing_details][address][line1]') ? checks.line1 : null
  const postal_code = given('[billing_details][address][postal_code]') ? checks.postal_code : null
  const cvc = given('[card][cvc]') || isText(fields['payment_method_options[card][cvc_token]'])
  return {
    avs_result: line1 || postal_code ? `${line1 ?? '-'}/${postal_code ?? '-'}` : null,
    cvc_result: cvc ? checks.cvc : null,
  }
}

/** `avs_result` and `cvc_result` of the books as Stripe's object writes them. */
export function checksDocument(avs_result: string | null, cvc_result: string | null): object {
  const [line1, postal_code] = (avs_result ?? '-/-').split('/')
  return {
    address_line1_check: line1 === '-' ? null : line1,
    address_postal_code_check: postal_code === '-' ? null : postal_code,
    cvc_check: cvc_result,
  }
}
