/** What may happen to an appeal after its opening. Cascade API, 4.4, 4.5 and 11.1. */
import type { RejectionReason } from '../appeal.ts'

export type Act =
  /** The endpoint has the appeal, or had it before. */
  | { readonly type: 'acknowledge'; readonly reference: string | null; readonly known_before: boolean }
  | { readonly type: 'refuse_create'; readonly status: number; readonly text: string | null }
  | { readonly type: 'miss_create'; readonly detail: string }
  | { readonly type: 'accept' }
  | {
      readonly type: 'reject'
      readonly reason: RejectionReason
      readonly text: string
      readonly amount_seen_minor: bigint | null
    }
  | { readonly type: 'contest' }
  | { readonly type: 'accept_amount' }
  | { readonly type: 'withdraw' }
  /** The payment itself has succeeded with the appeal's amount. */
  | { readonly type: 'resolve_by_success' }
  /** By the system after the provider's yes, else by an operator. */
  | { readonly type: 'confirm' }
  | { readonly type: 'cancel' }
  /** A clock: terms, reminders, alarms. */
  | { readonly type: 'tick' }
  | { readonly type: 'message' }
  /** The endpoint was told of the close. */
  | { readonly type: 'deliver_close'; readonly closed_before: boolean }
  | { readonly type: 'refuse_close'; readonly status: number; readonly text: string | null }
  | { readonly type: 'miss_close'; readonly detail: string }

export type ActRefusal =
  /** This side may not do that. */
  | 'not_allowed'
  /** The appeal has come to its end. */
  | 'closed'
  /** Not in this state. */
  | 'wrong_state'
  /** The term is over. */
  | 'too_late'
  /** Who confirms against a rejection needs somebody else to confirm as well. */
  | 'same_person'
  | 'amount_seen_missing'
  | 'amount_seen_wrong'
  | 'text_missing'
