import type { Context } from '../context.ts'
import { selectBalances } from './table.ts'

/** In minor units. `active` is what may be withdrawn, `pending` is on hold for running operations. Contract 19.2. */
export type Balances = {
  readonly active_minor: bigint
  readonly pending_minor: bigint
  readonly reserved_minor: bigint
}

/** The live balances of an account by currency, exact at this moment. A currency without entries is absent. */
export async function readBalances(ctx: Pick<Context, 'sql'>, account_id: string): Promise<Map<string, Balances>> {
  const rows = await selectBalances(ctx.sql, account_id)
  return new Map(
    rows.map((row) => [
      row.currency,
      {
        active_minor: BigInt(row.active),
        pending_minor: BigInt(row.pending),
        reserved_minor: BigInt(row.reserved),
      },
    ]),
  )
}
