/** Reads a failed attempt by the tables of the routing rules: class, resolution, every signal with its class. */
import type { Outcome } from '@cascad/connector'
import { classifyDecline, classifyNotSent, type DeclineOverride } from '../../routing/rules/classify-decline.ts'
import { classRules } from '../../routing/rules/decline-class.ts'
import type { ReadDecline } from '../../routing/rules/network-guard.ts'
import { authenticationCode } from '../../routing/rules/unified-code-of.ts'
import type { Attempt, Payment } from '../payment.ts'
import type { News, Reading } from './news.ts'

/** `decline`: all that the codes say; `null` = nothing was declined. */
export type FailureReading = Reading & { readonly decline: ReadDecline | null }

/**
 * The reading of an outcome that may end an attempt as failed, else `null`. `not_found` is read as never sent: whether it
 * proves that is for `decide` to say.
 */
export function readFailure(
  outcome: News['outcome'],
  payment: Payment,
  attempt: Attempt,
  overrides: readonly DeclineOverride[],
): FailureReading | null {
  if (outcome.type === 'not_sent' || outcome.type === 'not_found') {
    const { class: name, resolution } = classifyNotSent()
    return { class: name, resolution, signals: null, decline: null }
  }
  if (outcome.type !== 'declined') return null
  if (outcome.class !== undefined) {
    const { resolution } = classRules[outcome.class]
    return { class: outcome.class, resolution, signals: outcome.signals, decline: null }
  }
  const card = payment.payload?.payment_card
  const read = classifyDecline(
    withAuthentication(outcome),
    {
      brand: card?.brand ?? null,
      issuer_country: card?.issuer_country ?? null,
      three_ds_used: usedThreeDs(attempt) || (outcome.card_facts?.three_ds?.pa_status ?? null) !== null,
    },
    overrides,
  )
  return {
    class: read.class,
    resolution: read.resolution,
    signals: { ...outcome.signals, classes: read.signals },
    set_up_wrong: read.alarm,
    decline: read,
  }
}

/** Has the payer's bank been asked, or was it to be? */
export function usedThreeDs({ action, card_facts }: Pick<Attempt, 'action' | 'card_facts'>): boolean {
  return action?.kind === 'three_ds' || (card_facts?.three_ds?.pa_status ?? null) !== null
}

/**
 * A failed authentication speaks for itself where the provider names no code of its own: N and R whatever else came with it,
 * U only where no network code says that the charge was tried all the same. Cascading rules 9, S4 and S5.
 */
function withAuthentication({ signals, card_facts }: Extract<Outcome, { type: 'declined' }>) {
  const code = authenticationCode({ card_facts: card_facts ?? null })
  if (code === null || signals.unified_code !== null || (code === 'F.4003' && signals.network_code !== null))
    return signals
  return { ...signals, unified_code: code }
}

/** A "decline" whose codes say that nobody knows is no decline. */
export function asUnknown(outcome: News['outcome'], reading: Reading | null): News['outcome'] {
  if (outcome.type !== 'declined' || reading?.class !== 'unknown') return outcome
  const { provider_reference } = outcome
  return {
    type: 'unknown',
    provider_reference,
    detail: 'the codes of the answer say that the result is not known',
  } satisfies Outcome
}
