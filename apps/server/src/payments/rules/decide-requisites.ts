/** Decisions about attempts at providers of requisites, where they differ from those about charges. Cascade API, 7 and 13. */
import { type Attempt, isClosed, type Payment } from '../payment.ts'
import { failureOf } from './failure-of.ts'
import { type Decision, type News, noChange, type Patch } from './news.ts'

/**
 * What is particular to providers of requisites. Until the payer has seen requisites he cannot have paid: then an unknown answer
 * moves on like a refusal. Afterwards nothing moves on by itself. Cascade API, 7.2, 13.3. `null` = nothing is
 * particular; `late` = it is money that came after the end.
 */
export function decideRequisites(news: News, attempt: Attempt): Decision | 'late' | null {
  const { outcome, payment, attempts } = news
  const unseen = attempt.status === 'sent'
  switch (outcome.type) {
    case 'approved':
      // Another one was paid before, or the payment is over: this money may be nobody's sale.
      return attempts.some(({ winner }) => winner) || isClosed(payment) ? 'late' : null
    case 'unknown':
      return unseen ? decideOrphaned(news, attempt, outcome.detail) : null
    case 'action_required':
      return unseen && isClosed(payment) ? givenUp(news.now, {}) : null
    case 'time_over':
      return unseen ? noChange : decideOver(news, outcome.claimed === true)
    case 'given_up':
      return unseen ? noChange : givenUp(news.now, afterGivingUp(news, outcome.then))
    default:
      return null
  }
}

function decideOrphaned(news: News, attempt: Attempt, detail: string): Decision {
  const reading = { class: 'unreachable', resolution: 'provider_error', signals: null }
  // Without the cascade that asked (its process died) a worker begins the search again.
  const code = news.requisites?.searching ? news.afterFailure(reading, false) : 'search_again'
  // Nobody can have paid, so a payment that comes to nothing after this says whose fault it was, not that its end is unknown.
  const { resolution } = reading
  const ended = { status: 'orphaned', class: 'unknown', resolution, detail, decision: code } as const
  return {
    code,
    attempt: { ...ended, provider_reference: attempt.provider_reference, decided_at: news.now },
    payment: paymentAfter(news, code, resolution),
    booking: null,
  }
}

function paymentAfter(news: News, code: string, resolution: string): Patch<Payment> {
  if (code === 'search_again') return searchingAgain(news)
  return code === 'hop' || isClosed(news.payment) ? {} : failureOf(news, resolution)
}

function searchingAgain({ payment, now }: News): Patch<Payment> {
  return isClosed(payment) ? {} : { payment_status: 'invoked', resolution: 'ok', due_at: now }
}

/** The time for the transfer is over. While the payment lasts, others may be asked for, unless the payer says that he has paid. */
function decideOver(news: News, claimed: boolean): Decision {
  const { payment, now } = news
  const payerMayRetry = !claimed && payment.expires_at > now
  return {
    code: 'stop_payment_closed',
    attempt: {
      status: 'expired',
      resolution: 'expired',
      class: 'payer_window',
      decision: 'stop_payment_closed',
      decided_at: now,
    },
    payment: isClosed(payment) ? {} : failureOf({ payment, payerMayRetry }, 'expired'),
    booking: null,
  }
}

/** Nobody is to transfer there any more; whether somebody has is asked on. */
export function givenUp(now: Date, payment: Patch<Payment>): Decision {
  return {
    code: 'stop_payer_acted',
    attempt: { status: 'cancelled', class: 'payer_action', decision: 'stop_payer_acted', decided_at: now },
    payment,
    booking: null,
  }
}

function afterGivingUp(news: News, then: 'search' | 'end'): Patch<Payment> {
  if (isClosed(news.payment)) return {}
  if (then === 'search') return { ...searchingAgain(news), status: 'process_pending' }
  return { status: 'terminated', resolution: 'ok', payment_status: 'revoked', due_at: null }
}
