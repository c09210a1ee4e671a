/** Which page a payment shows now. Pure; merchant API contract 14.3. */
import type { Attempt, Payment } from '../../payments/payment.ts'

export type View =
  | 'choose'
  | 'card'
  | 'retry'
  | 'confirm'
  | 'onward'
  | 'details'
  /** There are requisites to transfer to, or were; which page of them, their own view says. */
  | 'requisites'
  | 'waiting'
  | 'paid'
  | 'paid_partly'
  | 'failed'
  | 'time_over'
  | 'cancelled'
  | 'refund_running'
  | 'refunded'
  | 'disputed'

/** What a waiting page says: the first try, a further one, an answer that is missing, or somebody else's confirmation. */
export type Mood = 'first' | 'another' | 'slow' | 'provider'

export type ViewFacts = {
  readonly payment: Pick<
    Payment,
    'status' | 'resolution' | 'payment_status' | 'service_flow' | 'session_id' | 'expires_at'
  >
  readonly attempts: readonly Pick<Attempt, 'status' | 'action'>[]
  readonly takes_card: boolean
  readonly now: Date
  /** The payer has just been at the bank or the provider, or says to have paid. */
  readonly done_elsewhere: boolean
}

const ends: Partial<Record<Payment['status'], View>> = {
  authorized: 'paid',
  processed: 'paid',
  verified: 'paid',
  refund_failed: 'paid',
  partially_processed: 'paid_partly',
  process_failed: 'failed',
  verify_failed: 'failed',
  expired: 'time_over',
  terminated: 'cancelled',
  refunding: 'refund_running',
  refund_pending: 'refund_running',
  refund_error: 'refund_running',
  refunded: 'refunded',
  partially_refunded: 'refunded',
  charged_back: 'disputed',
  partially_charged_back: 'disputed',
}

const openStatuses: ReadonlySet<string> = new Set(['sent', 'incomplete', 'unknown'])

export function chooseView(facts: ViewFacts): View {
  const { payment } = facts
  if (payment.status === 'created') return payment.expires_at > facts.now ? 'choose' : 'time_over'
  const end = ends[payment.status]
  if (end === 'failed' && payment.resolution === 'expired') return 'time_over'
  if (end) return end
  const open = facts.attempts.find(({ status }) => openStatuses.has(status))
  if (open) return viewOfOpen(facts, open)
  if (facts.takes_card) return payment.payment_status === 'process_failed' ? 'retry' : 'card'
  // The end of the lifetime is written a moment later; the payer need not wait for it.
  if (payment.session_id !== null && payment.expires_at <= facts.now) return 'time_over'
  return 'waiting'
}

function viewOfOpen(facts: ViewFacts, open: Pick<Attempt, 'status' | 'action'>): View {
  if (open.action?.kind === 'requisites') return 'requisites'
  if (open.status !== 'incomplete' || facts.done_elsewhere) return 'waiting'
  if (open.action) return open.action.kind === 'three_ds' ? 'confirm' : 'onward'
  return facts.payment.service_flow === 'invoice' ? 'details' : 'waiting'
}

type MoodFacts = { readonly payment: Pick<Payment, 'status'>; readonly attempts: readonly Pick<Attempt, 'status'>[] }

export function chooseMood({ payment, attempts }: MoodFacts): Mood {
  const open = attempts.find(({ status }) => openStatuses.has(status))
  if (open?.status === 'unknown' || payment.status === 'process_error') return 'slow'
  if (open?.status === 'incomplete') return 'provider'
  return attempts.length > 1 ? 'another' : 'first'
}

const grace_ms = 30 * 60_000

/** Status pages close at the later of the lifetime's end and half an hour after the last change. Contract 14.3. */
export function isPageClosed(payment: Pick<Payment, 'status' | 'expires_at' | 'updated_at'>, now: Date): boolean {
  if (!ends[payment.status]) return false
  return now.getTime() > Math.max(payment.expires_at.getTime(), payment.updated_at.getTime() + grace_ms)
}
