/** The code of the Card API an attempt is shown with. Cascading rules, sections 5.1 and 6.5; a result, never read as a signal. */
import { classRules, isDeclineClass } from './decline-class.ts'

/** What of an attempt the code depends on. */
export type ShownAttempt = {
  readonly status: string
  readonly class: string | null
  readonly signals: { readonly unified_code: string | null } | null
  readonly card_facts?: { readonly three_ds: { readonly pa_status: string | null } | null } | null
}

const codeOfStatus: Readonly<Record<string, string>> = {
  sent: 'P.0001',
  incomplete: 'P.9998',
  unknown: 'P.9999',
  approved: 'S.0000',
  not_sent: classRules.unreachable.unified_code as string,
  // Nobody acted in time; given up by payer or merchant; taken back by us before anybody knew.
  expired: 'F.0998',
  cancelled: 'F.0998',
  reversed: classRules.unmapped.unified_code as string,
}

const codeOfAuthentication: Readonly<Record<string, string>> = { N: 'F.4001', R: 'F.4002', U: 'F.4003' }

/**
 * The provider's own code where it gave one; of a failed authentication its result; else that of status or class.
 * Always a code: `F.0999` where nothing more is known. A decline is over, so its code is never one of those under way.
 */
export function unifiedCodeOf(attempt: ShownAttempt): string {
  if (attempt.status !== 'declined') return codeOfStatus[attempt.status] ?? 'F.0999'
  const given = attempt.signals?.unified_code
  if (given?.startsWith('F')) return given
  const failed = attempt.class === 'three_ds_failed' ? authenticationCode(attempt) : null
  if (failed !== null) return failed
  const ofClass = isDeclineClass(attempt.class) ? classRules[attempt.class].unified_code : null
  return ofClass?.startsWith('F') ? ofClass : 'F.0999'
}

/** The code for an authentication with result N, R or U; `null` for any other. */
export function authenticationCode({ card_facts }: Pick<ShownAttempt, 'card_facts'>): string | null {
  return codeOfAuthentication[card_facts?.three_ds?.pa_status ?? ''] ?? null
}
