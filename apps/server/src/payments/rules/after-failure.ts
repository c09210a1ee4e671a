/** The facts of the hop decision, gathered from the rows of a payment. Cascading rules 6.1, 8, 10. */
import type { CascadeSettings } from '../../routing/rules/cascade-settings.ts'
import { type DeclineClass, isDeclineClass } from '../../routing/rules/decline-class.ts'
import { type HopDecision, hopDecision } from '../../routing/rules/hop-decision.ts'
import { type Attempt, isClosed, type Payment } from '../payment.ts'
import type { Reading } from './news.ts'
import { usedThreeDs } from './read-failure.ts'

/** What of a running cascade the decision needs; `null` = late news, nothing is running. */
export type RunningCascade = {
  readonly settings: CascadeSettings
  readonly budget_ends_at: Date
  readonly drive?: { readonly merchant_drives: boolean }
  /** The payer is there, and his card in memory. */
  readonly payer_present: boolean
}

export type FailureFacts = {
  readonly payment: Payment
  /** All attempts; the failed one already carries its class. */
  readonly attempts: readonly Attempt[]
  readonly number: number
  readonly reading: Reading
  readonly payerActed: boolean
  /** The failed attempt was proven unsent. */
  readonly notSent: boolean
  readonly now: Date
  readonly running: RunningCascade | null
  /** A block or a ceiling of the card network forbids another attempt. */
  readonly network_blocked: boolean
  /** The gateway of the failed attempt can ask for the payer's authentication. */
  readonly takes_three_ds: boolean
}

const open: ReadonlySet<string> = new Set(['sent', 'incomplete', 'unknown'])

/** The code of cascading rules 10; `hasCandidate` is asked last. */
export function afterFailureCode(facts: FailureFacts, hasCandidate: () => boolean): HopDecision {
  const { payment, attempts, number, running, now } = facts
  const others = attempts.filter((attempt) => attempt.number !== number)
  const unsent = others.filter(({ status }) => status === 'not_sent').length + (facts.notSent ? 1 : 0)
  return hopDecision({
    approved: false,
    another_undecided: others.some(({ status }) => open.has(status)),
    payment_closed: isClosed(payment) || payment.expires_at <= now,
    payer_acted: facts.payerActed,
    class: isDeclineClass(facts.reading.class) ? facts.reading.class : 'unmapped',
    hops_by_class: hopsByClass(others),
    network_blocked: facts.network_blocked,
    attempts: attempts.length - unsent,
    max_attempts: running?.settings.max_attempts ?? 1,
    routes_touched: attempts.length,
    max_routes: running?.settings.max_routes ?? 1,
    time_left_ms: running ? running.budget_ends_at.getTime() - now.getTime() : 0,
    step_up_possible: stepUpPossible(facts),
    merchant_drives: running?.drive?.merchant_drives ?? false,
    cascading: running?.settings.cascading ?? false,
    cascade_on_acquirer_risk: running?.settings.cascade_on_acquirer_risk ?? false,
    hasCandidate,
  })
}

/** Once: an attempt that was to go with 3-D Secure, or went with it, is not the one to step up from. Cascading rules 9, S7. */
function stepUpPossible({ attempts, number, running, takes_three_ds }: FailureFacts): boolean {
  const failed = attempts.find((attempt) => attempt.number === number)
  const stepped = attempts.some(({ decision }) => decision === 'step_up')
  return running?.payer_present === true && takes_three_ds && failed !== undefined && !stepped && !usedThreeDs(failed)
}

function hopsByClass(attempts: readonly Attempt[]): Partial<Record<DeclineClass, number>> {
  const counts: Partial<Record<DeclineClass, number>> = {}
  for (const { decision, class: name } of attempts) {
    if ((decision === 'hop' || decision === 'step_up') && isDeclineClass(name)) counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
