import { resendNewest } from '../callbacks/resend-newest.ts'
import type { Context } from '../context.ts'
import { CardProblem } from './card-problem.ts'
import type { ShopReply } from './shop-route.ts'
import type { Transaction } from './transaction.ts'

/** `POST /transactions/{uid}/renotify`: the newest notification goes out once more; 404 when there has been none. */
export async function renotify(ctx: Context, { account_id, uid }: Transaction): Promise<ShopReply> {
  if (!(await resendNewest(ctx, account_id, uid))) throw new CardProblem(404, 'E.1004')
  return { body: { status: 'queued' } }
}
