/** Starts payments that need nothing more from the payer on a page of ours: test words, invoices, redirects to a provider. */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { checkoutReturn } from './call-gateway.ts'
import { chargesAtOnce, findSavedCard } from './card-token.ts'
import { loadState, type State } from './find-payment.ts'
import { openLive } from './live-cascade.ts'
import { isClosed, type Payment } from './payment.ts'
import { runCascade } from './run-cascade.ts'
import { joinRun, startRun } from './running.ts'

/** How long a creation waits for the provider's page. Contract 11.7. */
const answerWithin_ms = 15_000

/** Card services wait for the card. The others are started; the answer waits only for those whose page the provider gives. */
export async function startPayment(ctx: Context, account: Account, payment: Payment): Promise<Payment> {
  if (!startsByItself(payment)) return payment
  const running = startRun(ctx, payment.id, (stopping) =>
    startCascade(ctx, account, { payment, attempts: [] }, stopping),
  )
  if (payment.service_flow !== 'hpp') return payment
  const state = await joinRun(running, answerWithin_ms)
  return state?.payment ?? payment
}

/** A payment that waits for nobody: no card page belongs to it, or its saved card is to be charged at once. */
export function startsByItself(payment: Payment): boolean {
  return (
    payment.service !== null &&
    payment.source !== 'card_api' &&
    (payment.session_id === null || (chargesAtOnce(payment) && payment.submissions === 0)) &&
    payment.payment_status === 'invoked' &&
    !isClosed(payment)
  )
}

/** The cascade of such a payment; also run by a worker when its creator died before it. */
export async function startCascade(
  ctx: Context,
  account: Account,
  start: State,
  stopping: AbortSignal,
): Promise<State> {
  const { card_token, session_id, test_mode } = start.payment
  // Another method chosen after a failed try has no card page, and is not paid with the saved card.
  const saved =
    card_token === null || session_id === null ? null : await findSavedCard(ctx, account.id, test_mode, card_token)
  const return_url = checkoutReturn(ctx, start.payment, { from_shop: false })
  const payer = { card: null, saved, cvv: null, browser: {}, client_ip: null, return_url }
  const live = await openLive(ctx, account, start.payment, payer, { payer_on_page: false, stopping })
  const submission = {
    submissions: start.payment.submissions + 1,
    submitted_at: ctx.now(),
    ...(saved ? { payload: { token: null, client_ip: '', payment_card: saved.card } } : {}),
  }
  const done = await runCascade(ctx, account, start, live, submission)
  return done ?? loadState(ctx, account.id, start.payment.id)
}
