import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { newId } from '../ids.ts'
import { decide, type TopUp, type TopUpStatus } from './top-up-table.ts'

export type TopUpVerdict = {
  /** `confirmed` and `rejected` are the operator's, who has looked for the money; `cancelled` is the provider's. */
  readonly status: Exclude<TopUpStatus, 'created'>
  readonly decided_by: string
  readonly note?: string
}

/** Ends a top-up; a confirmation makes its amount available, in the same statement. `null` = it has ended before, or is unknown. */
export async function decideTopUp(
  ctx: Pick<Context, 'now'> & { readonly sql: Database },
  provider_id: string,
  top_up_id: string,
  { status, decided_by, note = '' }: TopUpVerdict,
): Promise<TopUp | null> {
  const now = ctx.now()
  return decide(ctx.sql, provider_id, top_up_id, {
    status,
    decided_by,
    note: note === '' ? null : note,
    transfer_id: newId('transfer', now),
    now,
  })
}
