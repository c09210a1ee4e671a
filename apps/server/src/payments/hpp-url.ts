/** Where a merchant sends its payer: the `hpp_url` of creation answers. Merchant API contract 11.2, 11.5. */
import type { Config } from '../config.ts'
import type { Payment } from './payment.ts'

/** The entry of the checkout, or with `bypass_hpp` the card or provider page itself when a plain link can open it. */
export function hppUrl(config: Pick<Config, 'public_url'>, payment: Payment): string {
  const flow = payment.flow_data
  const direct = payment.options?.bypass_hpp === true && flow?.method === 'GET' && Object.keys(flow.params).length === 0
  return direct ? flow.action : checkoutUrl(config, payment.id)
}

/** The checkout's entry for an existing payment, whatever its state. */
export function checkoutUrl(config: Pick<Config, 'public_url'>, payment_id: string): string {
  return `${config.public_url}/redirect/hpp/?cpi=${payment_id}`
}
