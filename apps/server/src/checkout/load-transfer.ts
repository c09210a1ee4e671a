/** What a payment by requisites shows beside what every payment shows. */
import { readAppealView } from '../appeals/appeal-view.ts'
import type { Context } from '../context.ts'
import { timeText } from '../directory/amount-text.ts'
import { readRequisitesView } from '../requisites/read-requisites-view.ts'
import type { RequisitesView } from '../requisites/requisites-view.ts'
import { linkTo, type Place } from './link.ts'
import type { Checkout } from './load-checkout.ts'
import type { PayerCall } from './payer-route.ts'
import { lateOf, latePair } from './rules/late-claim.ts'
import type { Transfer } from './show-end.ts'

/** `late` = about these requisites, which were claimed too late; 0 = as the payment stands. */
export function appealPlace(payment_id: string, late = 0): Place {
  return { path: '/hpp/appeal', pairs: [['cpi', payment_id], ...(late > 0 ? [latePair(late)] : [])] }
}

/** `null` = no requisites were ever asked for. */
export async function loadRequisites(ctx: Context, { account, state }: Checkout): Promise<RequisitesView | null> {
  if (state.payment.service_flow !== 'invoice') return null
  return readRequisitesView(ctx, account, state)
}

/** The same for the end of a payment, with its appeal. */
export async function loadTransfer(ctx: Context, checkout: Checkout, call: PayerCall): Promise<Transfer | null> {
  const requisites = await loadRequisites(ctx, checkout)
  if (!requisites) return null
  const { account, state } = checkout
  const { look } = call
  const appeal = await readAppealView(ctx, state.payment)
  return {
    requisites,
    appeal: appeal && {
      open: appeal.open,
      promised: timeText(appeal.promised_at, look.locale, account.time_zone),
    },
    appeal_link: linkTo(appealPlace(state.payment.id, lateOf(call.query)), look),
  }
}
