import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { newId } from '../ids.ts'
import type { WithdrawalStep } from './rules/withdrawal-steps.ts'
import { takeStep, type Withdrawal } from './withdrawal-table.ts'

/**
 * Takes a withdrawal a step further: `approved` by another person than asked for it, `paid` when the money has left, `rejected` by
 * the operator or `cancelled` by the provider, which make the amount available again. `null` = the step cannot be taken from
 * its status or by this person, or the withdrawal is unknown; nothing changed.
 */
export async function decideWithdrawal(
  ctx: Pick<Context, 'now'> & { readonly sql: Database },
  provider_id: string,
  withdrawal_id: string,
  { step, by, note = '' }: { readonly step: WithdrawalStep; readonly by: string; readonly note?: string },
): Promise<Withdrawal | null> {
  const now = ctx.now()
  const transfer_id = newId('transfer', now)
  return takeStep(ctx.sql, provider_id, withdrawal_id, { step, by, note: note === '' ? null : note, transfer_id, now })
}
