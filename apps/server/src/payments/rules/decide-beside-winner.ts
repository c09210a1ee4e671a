/**
 * News about a charge that is still open although its payment was paid otherwise: a transfer to requisites that had been given up
 * came in while the payer was on another provider's page. Pure. Cascade API, 7.3; cascading rules 12.
 */
import { type Attempt, isClosed } from '../payment.ts'
import type { Decision, News } from './news.ts'
import { restUntil } from './rest-until.ts'

const openStatuses: ReadonlySet<Attempt['status']> = new Set<Attempt['status']>(['sent', 'incomplete', 'unknown'])

/** Attempts beside this one that have no end yet. */
export function othersOpen({ attempts, number }: Pick<News, 'attempts' | 'number'>): boolean {
  return attempts.some((one) => one.number !== number && openStatuses.has(one.status))
}

export function isBesideWinner({ payment, attempts, number }: News): boolean {
  return isClosed(payment) && attempts.some((one) => one.winner && one.number !== number)
}

/** What the news means for the charge alone: the payment stays as it is, and money that comes in goes back. */
export function besideWinner(news: News, attempt: Attempt, decision: Decision): Decision {
  const { payment, now } = news
  if (decision.code === 'no_change') return decision
  if (decision.code === 'win') return takenTwice(news, attempt, decision)
  const status = decision.attempt.status ?? attempt.status
  const rest = restUntil(payment, now)
  const next = openStatuses.has(status) ? (decision.payment.due_at ?? null) : null
  const due_at = next === null || (rest !== null && rest < next) ? rest : next
  const takes_back = decision.attempt.reversal_status === 'needed'
  return { ...decision, payment: { due_at: takes_back ? now : due_at } }
}

function takenTwice({ payment, now }: News, { amount_minor }: Attempt, won: Decision): Decision {
  const { approved_amount_minor, provider_reference } = won.attempt
  return {
    code: 'late_approval',
    attempt: {
      status: 'approved',
      late_approval: true,
      approved_amount_minor: approved_amount_minor ?? amount_minor,
      provider_reference: provider_reference ?? null,
      reversal_status: 'needed',
      lookups: 0,
      decision: 'late_approval',
      decided_at: now,
    },
    payment: { due_at: now },
    booking:
      payment.payment_flow === 'verify'
        ? null
        : { kind: 'late_approval', amount_minor: approved_amount_minor ?? amount_minor },
  }
}
