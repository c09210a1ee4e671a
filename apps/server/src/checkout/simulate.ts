import type { Context } from '../context.ts'
import { simulatePayer } from '../payments/simulate-payer.ts'
import { linkTo, paymentPlace } from './link.ts'
import { loadCheckout } from './load-checkout.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'

/** `POST /hpp/simulate?cpi=…`: the buttons "paid" and "failed" of a test invoice. Nothing happens in live mode. */
export async function simulate(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const { account, state } = await loadCheckout(ctx, { query: call.query }, call.look.locale)
  const { result } = call.form
  if (result === 'paid' || result === 'fail') await simulatePayer(ctx, account, state.payment, result)
  return { to: linkTo(paymentPlace(state.payment.id), call.look) }
}
