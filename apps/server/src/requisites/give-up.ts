import type { Account } from '../accounts/account.ts'
import { isClaimed } from '../cascades/close-provider-payment.ts'
import type { Context } from '../context.ts'
import { applyOutcome } from '../payments/apply-outcome.ts'
import type { State } from '../payments/find-payment.ts'

/**
 * The payer gives up the requisites of attempt `number`. `claimed` = he has said before that he has paid to them: then nothing
 * changes, whichever of the two was pressed first. `over` = they had ended. Cascade API, 7.2 (T8), 7.4.
 */
export async function giveUp(
  ctx: Context,
  account: Account,
  state: State,
  number: number,
  then: 'search' | 'end',
): Promise<State | 'claimed' | 'over'> {
  const given_up = { type: 'given_up', then, unless_claimed: true } as const
  try {
    const applied = await applyOutcome(ctx, account, state, number, given_up, null)
    return applied.code === 'no_change' ? 'over' : applied.state
  } catch (error) {
    if (isClaimed(error)) return 'claimed'
    throw error
  }
}
