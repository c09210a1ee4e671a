/**
 * Changes of payments whose attempts are at providers of requisites: attempt, hold at the provider, its release or debit, and the
 * merchant's books in one commit. Cascade API, 7.2: each row of the table is one transaction.
 */
import type { Account } from '../accounts/account.ts'
import type { ConnectionNow } from '../cascades/load-connections.ts'
import { openProviderPayment } from '../cascades/open-provider-payment.ts'
import type { Barred } from '../cascades/rules/reason-against-connection.ts'
import type { Context } from '../context.ts'
import type { Transaction } from '../database/connect.ts'
import { currencies } from '../directory/currencies.ts'
import { type Changes, prepareChange } from './change-payment.ts'
import type { State } from './find-payment.ts'

export type ProviderChange = {
  /** The connection that the next attempt asks; `null` = none. */
  readonly opens: ConnectionNow | null
  /** What becomes of the attempt at its provider; `null` = nothing. */
  readonly closes: ((tx: Transaction) => Promise<void>) | null
}

/** Another payment took what the next attempt needed: nothing was written, and another route is to be chosen. */
export type LostRace = { readonly gateway_id: number; readonly barred: Barred }

export function isLostRace(result: State | LostRace | 'card_moved' | null): result is LostRace {
  return result !== null && result !== 'card_moved' && 'barred' in result
}

class RolledBack extends Error {}

/** As `changePayment`, together with the provider's side. */
export async function changeWithProvider(
  ctx: Context,
  account: Account,
  state: State,
  changes: Changes,
  { opens, closes }: ProviderChange,
): Promise<State | LostRace | null> {
  const prepared = await prepareChange(ctx, account, state, changes)
  if (!opens && !closes) return prepared.write(ctx.sql)
  const next = opens ? changes.nextAttempt : null
  const exponent = (await currencies(ctx)).get(next?.currency ?? '')?.exponent ?? 2
  let lost: LostRace | null = null
  try {
    return await ctx.sql.begin(async (tx) => {
      if (opens && next) {
        const { account_id, payment_id, id, number, test_mode, amount_minor, currency, sent_at } = next
        const of = { account_id, payment_id, attempt_id: id, attempt_number: number, test_mode }
        const barred = await openProviderPayment(tx, opens, { ...of, amount_minor, currency, exponent, now: sent_at })
        if (barred) {
          lost = { gateway_id: next.gateway_id, barred }
          throw new RolledBack()
        }
      }
      const written = await prepared.write(tx)
      if (!written) throw new RolledBack()
      await closes?.(tx)
      return written
    })
  } catch (error) {
    if (error instanceof RolledBack) return lost
    throw error
  }
}
