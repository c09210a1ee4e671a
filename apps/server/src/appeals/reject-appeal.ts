import type { Context } from '../context.ts'
import type { RejectionReason, SentFile } from './appeal.ts'
import { type Moved, moveAppeal, type Performer } from './move-appeal.ts'
import type { AppealKey } from './table.ts'

export type Rejection = {
  readonly reason: RejectionReason
  /** With `other`; else what there is to add. */
  readonly text: string
  /** With `amount_differs`: what the provider has seen, in minor units of the payment currency. */
  readonly amount_seen_minor: bigint | null
  readonly evidence: SentFile
}

/** The provider refuses, with reason and evidence; the opener may contest. P5. */
export async function rejectAppeal(
  ctx: Context,
  key: AppealKey,
  actor: Performer,
  rejection: Rejection,
): Promise<Moved> {
  const { reason, text, amount_seen_minor, evidence } = rejection
  const said = text.trim()
  return moveAppeal(ctx, key, {
    actor,
    act: { type: 'reject', reason, text: said, amount_seen_minor },
    words: { kind: 'verdict', text: said, internal: false, files: [evidence] },
  })
}
