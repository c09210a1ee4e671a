/** What the payer's page shows of the newest appeal of his payment. Cascade API, section 14.3. */
import type { AppealReason, AppealState, Side } from './appeal.ts'

export type AppealView = {
  readonly id: string
  readonly state: AppealState
  readonly open: boolean
  readonly reason: AppealReason
  /** What the payer is said to have sent: major units, shortest decimal text. */
  readonly amount: string
  readonly currency: string
  readonly opened_at: Date
  /** A verdict is promised by then. */
  readonly promised_at: Date
  readonly closed_at: Date | null
  /** The newest message the payer may read that he has not written himself. */
  readonly last_words: { readonly side: Side; readonly text: string; readonly at: Date } | null
}
