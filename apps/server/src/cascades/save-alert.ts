import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import type { Provider } from './provider.ts'
import { updateAlert } from './table.ts'

/** Below what balance the provider wants to be told, in settlement minor units; 0 = only when nothing is left. Cascade API, 1.1 and 9.4. */
export async function saveAlert(
  ctx: Pick<Context, 'now'> & { readonly sql: Database },
  { id }: Pick<Provider, 'id'>,
  low_balance_alert_minor: bigint,
): Promise<void> {
  if (low_balance_alert_minor < 0n) throw new RangeError('an alert is at a balance of 0 or more')
  await updateAlert(ctx.sql, id, low_balance_alert_minor, ctx.now())
}
