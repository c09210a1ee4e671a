import type { Outcome } from '@cascad/connector'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { getGateway } from '../routing/load-routing.ts'
import { askStatus } from './call-gateway.ts'
import { changePayment } from './change-payment.ts'
import { loadState, type State } from './find-payment.ts'
import { selectOperations } from './operation-table.ts'
import { orderOperation } from './order-operation.ts'
import { isUndecided } from './rules/operate.ts'
import { isHeld, isHoldOver, restUntil } from './rules/rest-until.ts'

const gone: Outcome = {
  type: 'approved',
  provider_reference: null,
  amount_minor: null,
  rrn: null,
  approval_code: null,
  card_token: null,
}

/**
 * Looks after a hold that nobody has captured, once a day and when a provider says that it is gone: one that the gateway no
 * longer knows ends in our books too, one that is too old is given up at the gateway. Both leave a void of their own. While a
 * capture or void is under way its answer decides.
 */
export async function lookAfterHold(ctx: Context, account: Account, state: State): Promise<State> {
  const winner = state.attempts.find((attempt) => attempt.winner)
  if (!winner || !isHeld(state.payment)) return rest(ctx, account, state)
  const operations = await selectOperations(ctx.sql, account.id, state.payment.id)
  if (operations.some((one) => isUndecided(one) && one.kind !== 'refund')) return rest(ctx, account, state)
  const gateway = await getGateway(ctx, winner.gateway_id)
  const told: Outcome = gateway ? await askStatus(ctx, gateway, winner) : { type: 'unknown', detail: 'gateway is gone' }
  const lost = told.type === 'declined'
  const lifetime_days = ctx.connectors.get(winner.connector)?.can.hold_lifetime_days ?? null
  if (!lost && !isHoldOver(winner.decided_at ?? winner.sent_at, lifetime_days, ctx.now()))
    return rest(ctx, account, state)
  const { account_id, id } = state.payment
  const ended = await orderOperation(ctx, account, id, {
    kind: 'void',
    amount_minor: null,
    reference_id: `hold-${ctx.now().getTime()}`,
    description: lost ? 'the gateway no longer holds it' : 'nobody captured it in time',
    capture_id: null,
    resolution: 'expired',
    ...(lost ? { told: gone } : {}),
  })
  if (ended.refused === null && ended.operation.status === 'failed') {
    const { gateway_id } = winner
    ctx.events.alarm('a hold could not be given up', {
      payment_id: id,
      gateway_id,
      resolution: ended.operation.resolution,
    })
  }
  return rest(ctx, account, await loadState(ctx, account_id, id))
}

/** Sets the time of the next look. Somebody who changes the payment meanwhile sets it himself. */
async function rest(ctx: Context, account: Account, state: State): Promise<State> {
  const due_at = restUntil(state.payment, ctx.now())
  return (await changePayment(ctx, account, state, { payment: { due_at } })) ?? state
}
