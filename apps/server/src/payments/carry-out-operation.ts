/** Sends an operation to its gateway, or asks about it, and writes what became of it: state, books and telling in one commit. */
import type { Outcome } from '@cascad/connector'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { getGateway } from '../routing/load-routing.ts'
import { classifyDecline } from '../routing/rules/classify-decline.ts'
import { operationTransfers } from './book-operation.ts'
import { sendOperation } from './call-gateway.ts'
import { type Changes, changePayment } from './change-payment.ts'
import { loadState, type State } from './find-payment.ts'
import { selectOperation, updateOperation } from './operation-table.ts'
import { pauseAfterConflict } from './pause-after-conflict.ts'
import type { Attempt, Operation, Payment } from './payment.ts'
import { nextLookup } from './rules/lookup-schedule.ts'
import type { Patch } from './rules/news.ts'
import { isUndecided } from './rules/operate.ts'
import { hasSettled } from './rules/settle-delay.ts'
import { failOperation, settleOperation } from './rules/settle-operation.ts'

/**
 * `first order`: by whom it was written, before anybody else can have taken it up; `order again`: it may have been sent, and goes
 * out under the same key; `ask`: only ask.
 */
export type OperationStep = 'first order' | 'order again' | 'ask'

export type OperationState = { readonly state: State; readonly operation: Operation }

/** As often as others may be faster: the answer of a gateway is not thrown away for less. */
const conflicts_max = 200

/** The operation's row is committed before. */
export async function carryOut(
  ctx: Context,
  account: Account,
  state: State,
  operation: Operation,
  step: OperationStep,
): Promise<OperationState> {
  const outcome = await sendOrAsk(ctx, state, operation, step === 'ask')
  // A repeat that did not leave proves nothing about the order before it.
  const open = outcome.type === 'not_sent' && step !== 'first order'
  return applyOperation(
    ctx,
    account,
    { state, operation },
    open ? { type: 'unknown', detail: outcome.detail } : outcome,
  )
}

/** Calls the gateway of the operation: orders it, or asks what became of it. */
export async function sendOrAsk(ctx: Context, state: State, operation: Operation, ask: boolean): Promise<Outcome> {
  const winner = state.attempts.find(({ number }) => number === operation.attempt_number) as Attempt
  const { account_id, payment_id, gateway_id, capture_id } = operation
  const gateway = await getGateway(ctx, gateway_id)
  if (!gateway) return { type: 'unknown', detail: `gateway ${gateway_id} is gone` }
  const capture = capture_id ? await selectOperation(ctx.sql, account_id, payment_id, capture_id) : null
  return sendOperation(ctx, gateway, winner, { operation, capture, ask })
}

/** Applies news about an operation. Safe with the same news any number of times. */
export async function applyOperation(
  ctx: Context,
  account: Account,
  start: OperationState,
  outcome: Outcome,
): Promise<OperationState> {
  const { payment_id, id } = start.operation
  let { state, operation } = start
  for (let tries = 0; tries < conflicts_max; tries += 1) {
    if (!isUndecided(operation)) return { state, operation }
    const news = await changesOf(ctx, account, state, operation, outcome)
    const changed = news && (await changePayment(ctx, account, state, news.changes))
    if (changed) return { state: changed, operation: news.after }
    await pauseAfterConflict(tries)
    state = await loadState(ctx, account.id, payment_id)
    operation = (await selectOperation(ctx.sql, account.id, payment_id, id)) as Operation
  }
  throw new Error(`payment ${payment_id} kept changing while ${start.operation.kind} ${id} was to be applied`)
}

/** `null` = the payment has changed since it was read. */
type Changed = null | { readonly changes: Changes; readonly after: Operation }

async function changesOf(
  ctx: Context,
  account: Account,
  state: State,
  operation: Operation,
  told: Outcome,
): Promise<Changed> {
  const { provider_reference = null } = 'provider_reference' in told ? told : {}
  const outcome: Outcome = contradicts(operation, told)
    ? { type: 'unknown', provider_reference, detail: 'captured another amount' }
    : told
  if (outcome.type === 'approved') return doneChanges(ctx, account, state, operation, outcome)
  if (outcome.type === 'declined' || (outcome.type === 'not_sent' && isFirstOrder(operation)))
    return failedChanges(ctx, account, state, operation, outcome)
  const now = ctx.now()
  const after: Operation = {
    ...operation,
    status: outcome.type === 'not_found' && (await mayOrderAgain(ctx, state, operation, now)) ? 'sent' : 'unknown',
    detail: outcome.type === 'unknown' ? outcome.detail : outcome.type,
    provider_reference: provider_reference ?? operation.provider_reference,
    lookups: operation.lookups + 1,
    due_at: nextLookup('unknown', operation.lookups, now, now),
  }
  return { changes: { payment: {}, more: [updateOperation(ctx.sql, after)] }, after }
}

/** Nobody but the process that wrote it has taken it up. A call of that process that comes later is one of several. */
function isFirstOrder({ status, lookups }: Operation): boolean {
  return status === 'sent' && lookups === 0
}

/**
 * The gateway does not know it: back to `sent`, for the next step to order it again, once its first order cannot be on its way
 * any more. Repeats are not waited for: they have its key, so whichever arrives first is the operation, and none of them ends it.
 * What the gateway has told of it cannot deny: that stays unknown.
 */
async function mayOrderAgain(ctx: Context, { payment }: State, operation: Operation, now: Date): Promise<boolean> {
  if (operation.provider_reference !== null) return false
  const connector = (await getGateway(ctx, operation.gateway_id))?.connector ?? ''
  return hasSettled(operation.created_at, ctx.connectors.get(connector)?.can, { test_mode: payment.test_mode, now })
}

function contradicts({ kind, provider_amount_minor }: Operation, outcome: Outcome): boolean {
  return (
    kind === 'capture' &&
    outcome.type === 'approved' &&
    (outcome.amount_minor ?? provider_amount_minor) !== provider_amount_minor
  )
}

async function doneChanges(
  ctx: Context,
  account: Account,
  state: State,
  operation: Operation,
  outcome: Extract<Outcome, { type: 'approved' }>,
): Promise<Changed> {
  const now = ctx.now()
  const exponent = (await currencies(ctx)).get(operation.currency)?.exponent ?? 2
  const settled = settleOperation(state.payment, operation, exponent, now)
  const after: Operation = {
    ...operation,
    ...settled.operation,
    status: 'done',
    provider_reference: outcome.provider_reference ?? operation.provider_reference,
    card_facts: outcome.card_facts ?? operation.card_facts,
    decided_at: now,
    due_at: null,
  }
  return write(ctx, account, state, after, settled.payment)
}

async function failedChanges(
  ctx: Context,
  account: Account,
  state: State,
  operation: Operation,
  outcome: Extract<Outcome, { type: 'declined' | 'not_sent' }>,
): Promise<Changed> {
  const declined = outcome.type === 'declined' ? outcome : null
  const resolution = declined ? classifyDecline(declined.signals, { brand: null }).resolution : 'provider_error'
  const after: Operation = {
    ...operation,
    status: 'failed',
    resolution,
    detail: outcome.type === 'not_sent' ? outcome.detail : operation.detail,
    signals: declined?.signals ?? null,
    card_facts: declined?.card_facts ?? operation.card_facts,
    provider_reference: declined?.provider_reference ?? operation.provider_reference,
    decided_at: ctx.now(),
    due_at: null,
  }
  const told = !ctx.faces.has(state.payment.source)
  return write(ctx, account, state, after, told ? failOperation(state.payment, after) : {})
}

async function write(
  ctx: Context,
  account: Account,
  { payment, attempts }: State,
  after: Operation,
  patch: Patch<Payment>,
): Promise<Changed> {
  const transfers = await operationTransfers(ctx, account, payment, after)
  if (!transfers) return null
  const face = ctx.faces.get(payment.source)
  const changed = { ...payment, ...patch, updated_at: ctx.now() }
  return {
    after,
    changes: {
      payment: patch,
      transfers,
      more: [
        updateOperation(ctx.sql, after),
        ...((await face?.tellOperation(ctx, account, changed, attempts, after)) ?? []),
      ],
    },
  }
}
