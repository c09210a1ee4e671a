import type { Context } from '../context.ts'
import { cancelPayment } from '../payments/cancel-payment.ts'
import { linkTo, paymentPlace } from './link.ts'
import { loadCheckout } from './load-checkout.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'

/** `POST /hpp/cancel?cpi=…`: the payer gives up. Once details went out nothing changes, and the page says how things stand. */
export async function cancel(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const { account, state } = await loadCheckout(ctx, { query: call.query }, call.look.locale)
  await cancelPayment(ctx, account, state.payment)
  return { to: linkTo(paymentPlace(state.payment.id), call.look) }
}
