/** Where a merchant sends its payer: the `hpp_url` of creation answers. Merchant API contract 5, 11.2, 11.5. */
import type { Config } from '../config.ts'
import type { Payment, PaymentStatus } from './payment.ts'

type Urls = Pick<Config, 'public_url'>

/** The entry of the checkout, or with `bypass_hpp` the card or provider page itself when a plain link can open it. */
export function hppUrl(config: Urls, payment: Payment): string {
  const flow = payment.flow_data
  const direct = payment.options?.bypass_hpp === true && flow?.method === 'GET' && Object.keys(flow.params).length === 0
  return direct ? flow.action : checkoutUrl(config, payment.id)
}

/** The checkout's entry for an existing payment, whatever its state. */
export function checkoutUrl(config: Urls, payment_id: string): string {
  return `${config.public_url}/redirect/hpp/?cpi=${payment_id}`
}

const notFinal: ReadonlySet<PaymentStatus> = new Set<PaymentStatus>([
  'created',
  'processing',
  'process_pending',
  'process_error',
  'refunding',
  'refund_pending',
  'refund_error',
])

/** For the answer to a repeated creation: the link while the payment is not final, else nothing. */
export function repeatedHppUrl(config: Urls, payment: Payment): { readonly hpp_url?: string } {
  return notFinal.has(payment.status) ? { hpp_url: hppUrl(config, payment) } : {}
}
