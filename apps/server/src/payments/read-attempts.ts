import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import type { JsonObject } from '../http/json.ts'
import { blocksOfPayment } from '../routing/network-blocks.ts'
import { attemptsDocument } from './attempts-resource.ts'
import type { Payment } from './payment.ts'
import { selectRuns } from './routing-runs-table.ts'
import { selectAttempts } from './table.ts'

/** The explanation of a payment's cascade as its merchant may see it; `self` = the address it is asked for by. */
export async function readAttempts(ctx: Context, payment: Payment, self: string): Promise<JsonObject> {
  const [attempts, runs, blocks, exponents] = await Promise.all([
    selectAttempts(ctx.sql, payment.account_id, payment.id),
    selectRuns(ctx.sql, payment.account_id, payment.id),
    blocksOfPayment(ctx, payment),
    currencies(ctx),
  ])
  return attemptsDocument({ attempts, runs, blocks, exponents, self })
}
