/** `POST /hpp/requisites/…?cpi=…`: what the payer says or wants on the page of a payment by requisites. Cascade API 7.4, 14.3. */
import type { Context } from '../context.ts'
import { askForOther } from '../requisites/ask-other.ts'
import { cancelRequisites } from '../requisites/cancel-requisites.ts'
import { checkNow } from '../requisites/check-now.ts'
import { claimPaid } from '../requisites/claim-paid.ts'
import { linkTo, paymentPlace } from './link.ts'
import { loadAnyCheckout } from './load-checkout.ts'
import { loadRequisites } from './load-transfer.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import { setMark } from './rules/requisites-mark.ts'

export type RequisitesAct = 'paid' | 'other' | 'cancel' | 'check'

const acts = { paid: claimPaid, other: askForOther, cancel: cancelRequisites, check: checkNow } as const

/** A form that is about other requisites than those of now changes nothing, and the page shows how things stand. */
export async function actOnRequisites(ctx: Context, call: PayerCall, act: RequisitesAct): Promise<PayerAnswer> {
  const checkout = await loadAnyCheckout(ctx, { query: call.query }, call.look.locale)
  const { account, state } = checkout
  const view = await loadRequisites(ctx, checkout)
  if (view && call.form.mark === setMark(view)) await acts[act](ctx, account, state.payment)
  return { to: linkTo(paymentPlace(state.payment.id), call.look) }
}
