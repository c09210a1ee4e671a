import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { lockPrepaid } from '../ledger/provider-books.ts'
import { type Correction, endCorrection, selectCorrection } from './correction-table.ts'
import { booksOf, type Provider } from './provider.ts'

export type CorrectionVerdict = {
  /** A rejection may come from anybody, also from the one who asked. */
  readonly status: 'approved' | 'rejected'
  readonly by: string
  readonly note?: string
}

export type DecidedCorrection =
  | { readonly result: 'decided'; readonly correction: Correction }
  | { readonly result: 'unknown' }
  | { readonly result: 'decided_before' | 'same_person' | 'not_available'; readonly correction: Correction }

/**
 * Ends a correction; an approval books it in the same statement. It never takes more than is available: only late successes and
 * appeals may. Any number of decisions at once end it once. Cascade API, 9.1 and 9.2.
 */
export async function decideCorrection(
  ctx: Pick<Context, 'sql' | 'now'>,
  provider: Pick<Provider, 'id' | 'settlement_currency'>,
  id: string,
  { status, by, note = '' }: CorrectionVerdict,
): Promise<DecidedCorrection> {
  const known = await selectCorrection(ctx.sql, provider.id, id)
  if (!known) return { result: 'unknown' }
  const now = ctx.now()
  const books = booksOf(provider, known.test_mode)
  const decision = {
    status,
    by,
    note: note.trim() === '' ? null : note.trim(),
    transfer_id: newId('transfer', now),
    now,
  }
  const [correction, before] = (await ctx.sql.begin(async (tx) => {
    await lockPrepaid(tx, books, now)
    const ended = await endCorrection(tx, books, id, decision)
    return [ended, ended ? null : await selectCorrection(tx, provider.id, id)]
  })) as [Correction | null, Correction | null]
  if (correction) return { result: 'decided', correction }
  if (before?.status !== 'requested') return { result: 'decided_before', correction: before ?? known }
  return { result: before.requested_by === by ? 'same_person' : 'not_available', correction: before }
}
