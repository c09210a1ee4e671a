import type { Context } from '../context.ts'
import { loadState } from '../payments/find-payment.ts'
import { readAttempts } from '../payments/read-attempts.ts'
import type { ShopReply } from './shop-route.ts'
import type { Transaction } from './transaction.ts'

/** `GET /transactions/{uid}/attempts`: of a capture, void or refund the attempts of its payment. */
export async function showAttempts(ctx: Context, { account_id, payment_id, uid }: Transaction): Promise<ShopReply> {
  const { payment } = await loadState(ctx, account_id, payment_id)
  return { body: await readAttempts(ctx, payment, `/transactions/${uid}/attempts`) }
}
