/** What a confirmed appeal does to the merchant's payment and books. Cascade API, 11.4. */
import type { Account } from '../accounts/account.ts'
import { payByAppeal } from '../cascades/pay-by-appeal.ts'
import type { Context } from '../context.ts'
import type { ConfirmedAppeal, PreparedAppealSettlement } from './appeal-settlement.ts'
import { insertAppealSettlement, selectIsSettled } from './appeal-settlement-table.ts'
import { appealTransfers } from './book-appeal.ts'
import { prepareChange } from './change-payment.ts'
import { exponentsOf } from './exponents-of.ts'
import type { State } from './find-payment.ts'
import { selectOperations } from './operation-table.ts'
import type { Attempt } from './payment.ts'
import { decidedMinor, selectReceiptDecisions } from './receipt-table.ts'
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
    transfers: appealTransfers(ctx, account, payment, attempt, decision, appeal_id),
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

async function decide(ctx: Context, state: State, appeal: ConfirmedAppeal): Promise<AppealDecision> {
  const { payment, attempts } = state
  const attempt = attemptOf(state, appeal.attempt_number)
  const operations = await selectOperations(ctx.sql, payment.account_id, payment.id)
  const giving = operations.filter(({ kind, status }) => kind !== 'capture' && status !== 'failed')
  const decided = await selectReceiptDecisions(ctx.sql, payment.account_id, attempt.id)
  const refunds_minor = giving.reduce((sum, { amount_minor }) => sum + amount_minor, 0n)
  return settleByAppeal({
    payment,
    attempts,
    number: appeal.attempt_number,
    amount_minor: appeal.amount_minor,
    given_back_minor: refunds_minor + (payment.charged_back_amount_minor ?? 0n),
    decided_minor: decidedMinor(decided),
    exponents: await exponentsOf(ctx, payment),
    now: ctx.now(),
  })
}

function attemptOf({ payment, attempts }: State, number: number): Attempt {
  const attempt = attempts.find((one) => one.number === number)
  if (!attempt) throw new Error(`payment ${payment.id} has no attempt ${number}`)
  return attempt
}

/** Merchants have seen the amounts before, under the same status. */
function changesAmounts({ kind, change }: AppealDecision): boolean {
  const { processed_change_minor, fee_change_minor, reserved_change_minor } = change
  return (
    kind === 'corrected' && (processed_change_minor !== 0n || fee_change_minor !== 0n || reserved_change_minor !== 0n)
  )
}
