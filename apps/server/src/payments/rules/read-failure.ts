/** Reads a failed attempt by the tables of the routing rules: class, resolution, every signal with its class. */
import type { Outcome } from '@cascad/connector'
import { classifyDecline, classifyNotSent, type DeclineOverride } from '../../routing/rules/classify-decline.ts'
import type { Attempt, Payment } from '../payment.ts'
import type { News, Reading } from './decide.ts'

/**
 * The reading of an outcome that may end an attempt as failed, else `null`. `not_found` is read as never sent: whether it
 * proves that is for `decide` to say.
 */
export function readFailure(
  outcome: News['outcome'],
  payment: Payment,
  attempt: Attempt,
  overrides: readonly DeclineOverride[],
): Reading | null {
  if (outcome.type === 'not_sent' || outcome.type === 'not_found') {
    const { class: name, resolution } = classifyNotSent()
    return { class: name, resolution, signals: null }
  }
  if (outcome.type !== 'declined') return null
  const card = payment.payload?.payment_card
  const read = classifyDecline(
    outcome.signals,
    {
      brand: card?.brand ?? null,
      issuer_country: card?.issuer_country ?? null,
      three_ds_used: attempt.action?.kind === 'three_ds',
    },
    overrides,
  )
  return {
    class: read.class,
    resolution: read.resolution,
    signals: { ...outcome.signals, classes: read.signals },
    set_up_wrong: read.alarm,
  }
}

/** A "decline" whose codes say that nobody knows is no decline. */
export function asUnknown(outcome: News['outcome'], reading: Reading | null): News['outcome'] {
  if (outcome.type !== 'declined' || reading?.class !== 'unknown') return outcome
  return { type: 'unknown', detail: 'the codes of the answer say that the result is not known' } satisfies Outcome
}
