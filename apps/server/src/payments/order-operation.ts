/**
 * Orders a refund, capture or void at the gateway of the winning attempt. What is wanted is written, with its hold in the
 * books, before the gateway is called, so that a crash leaves something to ask about. Card API contract 5, merchant API 12.
 */
import type { Connector, Outcome } from '@cascad/connector'
import { convertUp, returnedFee } from '@cascad/money'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { currencies } from '../directory/currencies.ts'
import { newId } from '../ids.ts'
import { applyOperation, carryOut } from './carry-out-operation.ts'
import { loadState, type State } from './find-payment.ts'
import { holdOperation } from './hold-operation.ts'
import { selectOperations } from './operation-table.ts'
import { pauseAfterConflict } from './pause-after-conflict.ts'
import type { Attempt, Operation, Payment } from './payment.ts'
import { type Ability, canOperate, captureFor, finality, leftFor, mustBeWhole } from './rules/operate.ts'

export type OperationWish = {
  readonly kind: Operation['kind']
  /** In the invoice's currency; `null` = all that is left. */
  readonly amount_minor: bigint | null
  /** Unique among the operations of the payment. */
  readonly reference_id: string
  readonly description: string | null
  /** Refunds: the capture that is refunded; `null` = the payment. */
  readonly capture_id: string | null
  /** Left out = `ok`; `expired` = the hold is given up because its time is over. */
  readonly resolution?: 'expired'
  /** What the gateway has said already; left out = it is called. */
  readonly told?: Outcome
  /** CTEs guarded by `moved`, written in the same statement as the operation's row. What they refuse is thrown. */
  readonly more?: (operation: Operation) => readonly Fragment[]
}

/**
 * Why nothing was ordered: `state` = kind or state of the payment; `amount` = more than is left, or less than 1; `part` = the
 * gateway does it whole or not at all; `funds` = the merchant's balance does not cover it; `reference` = it was used before.
 */
export type Refusal = 'state' | 'amount' | 'part' | 'reference' | 'funds'

export type Ordered =
  | { readonly refused: null; readonly state: State; readonly operation: Operation }
  | { readonly refused: Refusal; readonly state: State; readonly left_minor: bigint }

/** Conflicts come from orders for the same payment at the same moment; each lets one of them through. */
const conflicts_max = 200

/**
 * Answers when the gateway has, or its read limit is over: then the operation is `unknown` and a worker goes on asking. Any
 * number of orders at once never take more than there is.
 */
export async function orderOperation(
  ctx: Context,
  account: Account,
  payment_id: string,
  wish: OperationWish,
): Promise<Ordered> {
  for (let tries = 0; tries < conflicts_max; tries += 1) {
    const state = await loadState(ctx, account.id, payment_id)
    const operations = await selectOperations(ctx.sql, account.id, payment_id)
    const planned = await plan(ctx, account, state, operations, wish)
    if ('refused' in planned) return { ...planned, state }
    const held = await holdOperation(ctx, account, state, planned, wish.more?.(planned) ?? [])
    if (held === 'funds')
      return { refused: 'funds', left_minor: leftFor(state.payment, operations, wish.kind, planned.capture_id), state }
    if (held) {
      const done = wish.told
        ? await applyOperation(ctx, account, { state: held, operation: planned }, wish.told)
        : await carryOut(ctx, account, held, planned, 'first order')
      return { refused: null, ...done }
    }
    await pauseAfterConflict(tries)
  }
  throw new Error(`payment ${payment_id} kept changing while a ${wish.kind} was to be ordered`)
}

/**
 * Who gives requisites cannot give money back. Such a refund is taken all the same, fails, and is there for an operator, who may
 * pay it out. Cascade API, 6, gap 16.
 */
function abilityOf(connector: Connector | undefined): Ability {
  if (!connector?.requisites) return connector?.can ?? {}
  return { ...connector.can, refund: true, partial_refund: true }
}

type Refused = { readonly refused: Refusal; readonly left_minor: bigint }

/** The row of the operation, or why there is none. */
async function plan(
  ctx: Context,
  account: Account,
  { payment, attempts }: State,
  operations: readonly Operation[],
  wish: OperationWish,
): Promise<Operation | Refused> {
  const { kind } = wish
  const winner = attempts.find((attempt) => attempt.winner)
  const can = abilityOf(ctx.connectors.get(winner?.connector ?? ''))
  const left_minor = leftFor(payment, operations, kind, wish.capture_id)
  const refuse = (refused: Refusal): Refused => ({ refused, left_minor })
  if (operations.some(({ reference_id }) => reference_id === wish.reference_id)) return refuse('reference')
  if (!winner || !canOperate(payment, kind, can)) return refuse('state')
  const amount_minor = wish.amount_minor ?? left_minor
  if (amount_minor <= 0n || amount_minor > left_minor) return refuse('amount')
  if (amount_minor < left_minor && mustBeWhole(payment, kind, can)) return refuse('part')
  const final = finality(payment, operations, { kind, amount_minor }, can)
  if (final === null) return { refused: 'amount', left_minor: 0n }
  const capture_id = kind === 'refund' ? captureOf(payment, operations, wish, amount_minor) : null
  // Several captures were made, and none of them has that much left.
  if (capture_id === undefined) return refuse('amount')
  const now = ctx.now()
  return {
    account_id: account.id,
    payment_id: payment.id,
    id: newId(kind, now),
    kind,
    version: 1,
    reference_id: wish.reference_id,
    amount_minor,
    returned_fee_minor: returnedFeeOf(account, payment, kind, amount_minor),
    currency: payment.currency,
    provider_amount_minor: await providerAmount(ctx, payment, winner, operations, { kind, amount_minor }),
    provider_currency: winner.currency,
    description: wish.description,
    status: 'sent',
    resolution: wish.resolution ?? 'ok',
    gateway_id: winner.gateway_id,
    attempt_number: winner.number,
    capture_id,
    final,
    held_minor: null,
    fee_minor: null,
    reserved_minor: null,
    signals: null,
    card_facts: null,
    provider_reference: null,
    detail: null,
    lookups: 0,
    created_at: now,
    decided_at: null,
    due_at: new Date(now.getTime() + 30_000),
  }
}

/** `undefined` = there is none to take it from. Charges have no captures. */
function captureOf(
  payment: Payment,
  operations: readonly Operation[],
  wish: OperationWish,
  amount_minor: bigint,
): string | null | undefined {
  if (payment.payment_flow !== 'authorize') return null
  return wish.capture_id ?? captureFor(operations, amount_minor)?.id
}

/** A refund returns its share where the account says so; a cancelled charge is as if it had not been, so its fee goes back whole. */
function returnedFeeOf(account: Account, payment: Payment, kind: Operation['kind'], refund_minor: bigint): bigint {
  if (kind === 'void') return payment.payment_flow === 'charge' ? (payment.processed_fee_minor ?? 0n) : 0n
  if (kind === 'capture' || !account.options.return_fee_on_refund) return 0n
  return returnedFee({
    processed_amount_minor: payment.processed_amount_minor ?? 0n,
    processed_fee_minor: payment.processed_fee_minor ?? 0n,
    refunded_before_minor: payment.refunded_amount_minor ?? 0n,
    returned_before_minor: payment.refunded_fee_minor ?? 0n,
    refund_minor,
  })
}

/** The amount in the currency the payer pays in: with all operations of its kind together never more than the gateway took. */
async function providerAmount(
  ctx: Context,
  payment: Payment,
  winner: Attempt,
  operations: readonly Operation[],
  { kind, amount_minor }: Pick<Operation, 'kind' | 'amount_minor'>,
): Promise<bigint> {
  const approved = winner.approved_amount_minor ?? winner.amount_minor
  const holds = payment.payment_flow === 'authorize'
  if (amount_minor === (holds ? payment.authorized_amount_minor : payment.processed_amount_minor)) return approved
  if (payment.exchange_rate === null || winner.currency === payment.currency) return amount_minor
  const all = await currencies(ctx)
  const exponents = [payment.currency, winner.currency].map((code) => all.get(code)?.exponent ?? 2)
  const converted = convertUp(amount_minor, exponents[0] ?? 2, exponents[1] ?? 2, payment.exchange_rate)
  const others = operations.filter((one) => one.status !== 'failed' && (kind === 'refund') === (one.kind === 'refund'))
  const left = others.reduce((sum, one) => sum - one.provider_amount_minor, approved)
  return left > 0n && converted > left ? left : converted
}
