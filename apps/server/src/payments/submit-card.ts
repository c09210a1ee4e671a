/** The payer's card arrives, from the card page or host-to-host. However often it is sent, the card is charged once. */
import type { Card } from '@cascad/connector'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { checkoutReturn } from './call-gateway.ts'
import { findSavedCard } from './card-token.ts'
import type { SeenCard } from './card-watch.ts'
import { loadState, type State } from './find-payment.ts'
import { openLive } from './live-cascade.ts'
import { isClosed, type Payment } from './payment.ts'
import { maskCard } from './rules/card.ts'
import { runCascade } from './run-cascade.ts'
import { joinRun, runningOf, startRun } from './running.ts'

export type CardSubmission = {
  /** `null` = the saved card the payment was created with. */
  readonly card: Card | null
  /** The security code of a saved card, when it was asked for. */
  readonly cvv?: string | null
  readonly browser: Readonly<Record<string, string>>
  readonly client_ip: string | null
  /** On a page of ours the payer may be offered another try; host-to-host never (contract 8.2). */
  readonly payer_on_page: boolean
  /** The card, where a look at it came with the payment. */
  readonly seen?: SeenCard | null
}

export type Submitted = State & {
  /** This call started the attempt; `false`: an earlier one did, or the payment takes no card now. */
  readonly accepted: boolean
}

/** May a card be submitted now? Not while an attempt is open, not after the end, and a second time only as a retry. */
export function takesCard(account: Account, { payment, attempts }: State, now: Date): boolean {
  if (payment.session_id === null || isClosed(payment) || payment.expires_at <= now) return false
  const open = attempts.some(({ status }) => status === 'sent' || status === 'incomplete' || status === 'unknown')
  return !open && payment.submissions <= account.options.retry_limit
}

/** Submits the card and waits up to `wait_ms` for the result; the work goes on after that. */
export async function submitCard(
  ctx: Context,
  account: Account,
  payment: Payment,
  submission: CardSubmission,
  wait_ms: number,
): Promise<Submitted> {
  const now = async (): Promise<State> => loadState(ctx, account.id, payment.id)
  const there = runningOf(ctx, payment.id)
  if (there) return { ...((await joinRun(there, wait_ms)) ?? (await now())), accepted: false }
  const state = payment.submissions === 0 ? { payment, attempts: [] } : await now()
  if (!takesCard(account, state, ctx.now())) return { ...state, accepted: false }
  let accepted = true
  const running = startRun(ctx, payment.id, async (stopping) => {
    const done = await submit(ctx, account, state, submission, stopping)
    accepted = done !== null
    return done ?? now()
  })
  return { ...((await joinRun(running, wait_ms)) ?? (await now())), accepted }
}

async function submit(
  ctx: Context,
  account: Account,
  state: State,
  submission: CardSubmission,
  stopping: AbortSignal,
): Promise<State | null> {
  const { card, browser, client_ip, payer_on_page } = submission
  const { payment } = state
  const saved =
    card === null && payment.card_token !== null
      ? await findSavedCard(ctx, account.id, payment.test_mode, payment.card_token)
      : null
  const shown = card ? maskCard(card) : saved?.card
  if (!shown) throw new Error(`payment ${payment.id} was submitted without a card`)
  const return_url = checkoutReturn(ctx, payment, { from_shop: !payer_on_page })
  const payer = { card, saved, cvv: submission.cvv ?? null, browser, client_ip, return_url }
  const live = await openLive(ctx, account, payment, payer, { payer_on_page, stopping, seen: submission.seen ?? null })
  return runCascade(ctx, account, state, live, {
    payload: { token: null, client_ip: client_ip ?? '', payment_card: shown },
    submissions: payment.submissions + 1,
    submitted_at: payment.submitted_at ?? ctx.now(),
    resolution: 'ok',
    payment_status: 'invoked',
  })
}
