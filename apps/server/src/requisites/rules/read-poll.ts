/** What an answer to "what became of the payment?" means. Pure. Cascade API, 4.2 and 7. */
import type { ProviderCaseKind, ProviderPaymentRow } from '../../cascades/provider-payment.ts'

/** What the connector made of the answer. */
export type PollOutcome = { readonly type: string; readonly appeal?: true }

export type PollReading = {
  /** `error` = no answer that says anything; `not_found` = the provider does not know the payment, which proves nothing. */
  readonly result: 'answered' | 'error' | 'not_found'
  /** The news changes the payment. */
  readonly apply: boolean
  readonly case_kind: ProviderCaseKind | null
}

const answered: PollReading = { result: 'answered', apply: false, case_kind: null }

/** `appeal_expected` = an appeal of ours is open, or was until now. */
export function readPoll(
  { state, orphan }: Pick<ProviderPaymentRow, 'state' | 'orphan'>,
  outcome: PollOutcome,
  appeal_expected: boolean,
): PollReading {
  switch (outcome.type) {
    case 'approved':
      if (orphan) return { ...answered, case_kind: 'orphan_success' }
      return { ...answered, apply: state !== 'success' }
    case 'declined':
      return { ...answered, apply: state === 'issued' && !orphan, case_kind: regression(state) }
    case 'pending':
      if (outcome.appeal) return { ...answered, case_kind: appeal_expected ? null : 'unexpected_appeal' }
      return { ...answered, case_kind: regression(state) }
    case 'not_found':
      return { ...answered, result: 'not_found' }
    default:
      return { ...answered, result: 'error' }
  }
}

function regression(state: ProviderPaymentRow['state']): ProviderCaseKind | null {
  return state === 'success' ? 'status_regression' : null
}
