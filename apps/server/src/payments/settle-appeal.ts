/** What a confirmed appeal does to the merchant's payment and books. Cascade API, 11.4. */
import type { Account } from '../accounts/account.ts'
import { payByAppeal } from '../cascades/pay-by-appeal.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { transfersOfCorrection, transfersOfUnallocatedCorrection } from '../ledger/rules/correction-transfers.ts'
import type { Transfer } from '../ledger/transfer.ts'
import type { ConfirmedAppeal, PreparedAppealSettlement } from './appeal-settlement.ts'
import { insertAppealSettlement, selectIsSettled } from './appeal-settlement-table.ts'
import { bookingTransfers, occasionOf, stampOf } from './book.ts'
import { prepareChange } from './change-payment.ts'
import type { State } from './find-payment.ts'
import { selectOperations } from './operation-table.ts'
import type { Attempt } from './payment.ts'
import { type AppealDecision, settleByAppeal } from './rules/settle-by-appeal.ts'

/**
 * Works out what the appeal's amount makes of its payment, whatever has become of the payment meanwhile. Each appeal settles once.
 * See `PreparedAppealSettlement` for what to do with the answer.
 */
export async function prepareAppealSettlement(
  ctx: Context,
  account: Account,
  state: State,
  appeal: ConfirmedAppeal,
): Promise<PreparedAppealSettlement> {
  if (await selectIsSettled(ctx.sql, account.id, appeal.appeal_id)) return { write: async () => state, case: null }
  const { payment } = state
  const decision = await decide(ctx, state, appeal)
  const attempt: Attempt = { ...attemptOf(state, appeal.attempt_number), ...decision.attempt }
  const { account_id, id: payment_id } = payment
  const now = ctx.now()
  const { attempt_number, appeal_id, amount_minor } = appeal
  const settlement = { account_id, appeal_id, payment_id, attempt_number, amount_minor, kind: decision.kind }
  const prepared = await prepareChange(ctx, account, state, {
    payment: decision.payment,
    attempt,
    transfers: transfersOfAppeal(ctx, account, state, attempt, decision, appeal_id),
    more: [insertAppealSettlement(ctx.sql, { ...settlement, ...decision.change, created_at: now })],
    tell_again: changesAmounts(decision),
  })
  return {
    case: decision.case,
    async write(tx) {
      const after = await prepared.write(tx)
      if (!after) return null
      await payByAppeal(tx, { account_id, attempt_id: attempt.id }, now)
      if (decision.given_back_exceeds) ctx.events.alarm('appeal below what was given back', { payment_id, appeal_id })
      return after
    },
  }
}

async function decide(ctx: Context, { payment, attempts }: State, appeal: ConfirmedAppeal): Promise<AppealDecision> {
  const all = await currencies(ctx)
  const operations = await selectOperations(ctx.sql, payment.account_id, payment.id)
  const giving = operations.filter(({ kind, status }) => kind !== 'capture' && status !== 'failed')
  const refunds_minor = giving.reduce((sum, { amount_minor }) => sum + amount_minor, 0n)
  return settleByAppeal({
    payment,
    attempts,
    number: appeal.attempt_number,
    amount_minor: appeal.amount_minor,
    given_back_minor: refunds_minor + (payment.charged_back_amount_minor ?? 0n),
    exponents: {
      currency: all.get(payment.currency)?.exponent ?? 2,
      service_currency: all.get(payment.service_currency ?? payment.currency)?.exponent ?? 2,
    },
    now: ctx.now(),
  })
}

function attemptOf({ payment, attempts }: State, number: number): Attempt {
  const attempt = attempts.find((one) => one.number === number)
  if (!attempt) throw new Error(`payment ${payment.id} has no attempt ${number}`)
  return attempt
}

/** Differences under the appeal's own id; what is booked for the first time, as ever. */
function transfersOfAppeal(
  ctx: Context,
  account: Account,
  { payment }: State,
  attempt: Attempt,
  decision: AppealDecision,
  appeal_id: string,
): Transfer[] {
  const { gateway_id, currency } = attempt
  const { change, unallocated_minor } = decision
  const occasion = { ...occasionOf(account, payment), appeal_id, gateway_id }
  const receipts = { ...occasion, currency, change_minor: change.unallocated_change_minor }
  const first =
    decision.kind === 'won'
      ? ({ kind: 'payment' } as const)
      : ({ kind: 'late_approval', amount_minor: unallocated_minor } as const)
  return [
    ...(decision.kind === 'corrected'
      ? transfersOfCorrection({ ...occasion, ...heldChange(change) }, stampOf(ctx))
      : bookingTransfers(ctx, account, { ...payment, ...decision.payment }, attempt, first)),
    ...transfersOfUnallocatedCorrection(receipts, stampOf(ctx)),
  ]
}

/** A reserve that was released lies on the active balance: there its change is part of the payment's. */
function heldChange(change: AppealDecision['change']): AppealDecision['change'] {
  return change.reserve_released ? { ...change, reserved_change_minor: 0n } : change
}

/** Merchants have seen the amounts before, under the same status. */
function changesAmounts({ kind, change }: AppealDecision): boolean {
  const { processed_change_minor, fee_change_minor, reserved_change_minor } = change
  return (
    kind === 'corrected' && (processed_change_minor !== 0n || fee_change_minor !== 0n || reserved_change_minor !== 0n)
  )
}
