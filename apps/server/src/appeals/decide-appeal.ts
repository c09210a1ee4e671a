import type { Context } from '../context.ts'
import type { Actor } from './appeal.ts'
import { type Moved, moveAppeal } from './move-appeal.ts'
import { type AppealKey, selectAppeal } from './table.ts'

export type Verdict = {
  readonly verdict: 'confirm' | 'cancel'
  /** Required; read by both sides. */
  readonly comment: string
}

/**
 * An operator decides an appeal in arbitration. Against a provider's no, a confirmation only counts once a second operator gives it
 * too: until then the appeal stays in arbitration, with the first one's name. P10.
 */
export async function decideAppeal(ctx: Context, key: AppealKey, actor: Actor, given: Verdict): Promise<Moved> {
  const appeal = await selectAppeal(ctx.sql, key)
  if (!appeal) throw new Error(`There is no appeal ${key.id}.`)
  const text = given.comment.trim()
  if (text === '') return { result: 'refused', why: 'text_missing', appeal }
  // What one of two says is no decision yet, and nobody else's business.
  const internal = given.verdict === 'confirm' && appeal.rejection !== null && appeal.confirm_proposed_by === null
  const words = { kind: 'decision', text, internal, files: [] } as const
  return moveAppeal(ctx, key, { actor, act: { type: given.verdict }, words })
}
