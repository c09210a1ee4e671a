import type { Context } from '../context.ts'
import type { Actor, SentFile } from './appeal.ts'
import { type Moved, moveAppeal } from './move-appeal.ts'
import type { AppealKey } from './table.ts'

/** The opener does not take the provider's no for an answer: an operator decides. P8. */
export async function contestAppeal(
  ctx: Context,
  key: AppealKey,
  actor: Actor,
  { text, files }: { readonly text: string; readonly files: readonly SentFile[] },
): Promise<Moved> {
  const words = { kind: 'contest', text: text.trim(), internal: false, files } as const
  return moveAppeal(ctx, key, { actor, act: { type: 'contest' }, words })
}
