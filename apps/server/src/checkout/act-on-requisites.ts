/** `POST /hpp/requisites/…?cpi=…`: what the payer says or wants on the page of a payment by requisites. Cascade API 7.4, 14.3. */
import type { Context } from '../context.ts'
import { askForOther } from '../requisites/ask-other.ts'
import { cancelRequisites } from '../requisites/cancel-requisites.ts'
import { checkNow } from '../requisites/check-now.ts'
import { claimPaid } from '../requisites/claim-paid.ts'
import { linkTo, paymentPlace } from './link.ts'
import { type Checkout, loadAnyCheckout } from './load-checkout.ts'
import { loadRequisites } from './load-transfer.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import { askedOf, keptPair, latePair } from './rules/late-claim.ts'
import type { Pair } from './rules/read-look.ts'
import { setMark } from './rules/requisites-mark.ts'

export type RequisitesAct = 'paid' | 'other' | 'cancel' | 'check'

/** The page shows how things stand afterwards, and says so where another tab was faster. */
export async function actOnRequisites(ctx: Context, call: PayerCall, act: RequisitesAct): Promise<PayerAnswer> {
  const checkout = await loadAnyCheckout(ctx, { query: call.query }, call.look.locale)
  const more = await carryOut(ctx, checkout, act, call.form.mark)
  return { to: linkTo(paymentPlace(checkout.state.payment.id, more), call.look) }
}

/** A form that is about other requisites than those of now changes nothing. Answers with what the page is to say. */
async function carryOut(ctx: Context, checkout: Checkout, act: RequisitesAct, mark: unknown): Promise<readonly Pair[]> {
  const { account, state } = checkout
  const { payment } = state
  if (act === 'paid') {
    const asked = askedOf(mark)
    return (await claimPaid(ctx, account, payment, asked)) === 'too_late' ? [latePair(asked)] : []
  }
  const view = await loadRequisites(ctx, checkout)
  if (!view || mark !== setMark(view)) return []
  if (act === 'check') {
    await checkNow(ctx, account, payment)
    return []
  }
  const result = await (act === 'other' ? askForOther : cancelRequisites)(ctx, account, payment)
  return result === 'claimed' ? [keptPair] : []
}
