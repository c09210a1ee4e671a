import type { Context } from '../context.ts'
import { selectCase, updateClosed } from './case-table.ts'
import type { ProviderCase } from './provider-case.ts'

const note_max = 2_000

export type ClosedCase =
  | { readonly result: 'closed' | 'closed_before'; readonly closed: ProviderCase }
  | { readonly result: 'not_found' | 'note_missing' }

/** A person has looked at it and says what was done. The first one's note stays. */
export async function closeCase(
  ctx: Pick<Context, 'sql' | 'now'>,
  id: string,
  { by, note }: { readonly by: string; readonly note: string },
): Promise<ClosedCase> {
  const text = note.trim().slice(0, note_max)
  if (text === '') return { result: 'note_missing' }
  const closed = await updateClosed(ctx.sql, id, { at: ctx.now(), by, note: text })
  if (closed) return { result: 'closed', closed }
  const known = await selectCase(ctx.sql, id)
  return known ? { result: 'closed_before', closed: known } : { result: 'not_found' }
}
