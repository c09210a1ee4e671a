import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '@cascad/connector'
import { getAccount } from '../accounts/find-account.ts'
import type { Gateway } from '../routing/gateway.ts'
import { getGateway } from '../routing/load-routing.ts'
import { applyOutcome } from './apply-outcome.ts'
import { sendVoid } from './call-gateway.ts'
import type { Attempt, Payment } from './payment.ts'
import {
  account_id,
  amounts,
  approved,
  context,
  day_ms,
  gone,
  look,
  openOperations,
  order,
  pass,
  provider,
  script,
  stateOf,
  statusOf,
} from './sample-operations.ts'

openOperations()

test('a hold that nobody captures is given up after thirty days, and not before', async () => {
  const payment = await approved()
  await order(payment, { kind: 'capture', amount: 1_000n })
  pass(29 * day_ms)
  const kept = await look(payment)
  assert.deepEqual(amounts(kept), ['processed', 1_000n, null, null])
  assert.ok(kept.due_at && kept.due_at > context().now())
  pass(2 * day_ms)
  const ended = await look(payment)
  assert.deepEqual([...amounts(ended), ended.due_at], ['processed', 1_000n, 9_000n, null, null])
  assert.equal(provider(payment)?.held_amount, '0')
})

const voidedByTheGateway: Outcome = {
  type: 'declined',
  provider_reference: null,
  signals: {
    resolution: null,
    unified_code: null,
    network_code: null,
    advice_code: null,
    provider_code: 'voided',
    provider_text: null,
  },
}

/** Somebody else gives the hold up at the gateway. */
async function loseHold(payment: Payment): Promise<Attempt> {
  const winner = (await stateOf(payment)).attempts.find((attempt) => attempt.winner) as Attempt
  const gateway = (await getGateway(context(), winner.gateway_id)) as Gateway
  assert.equal((await sendVoid(context(), gateway, winner, 'by somebody else')).type, 'approved')
  return winner
}

async function hear(payment: Payment, number: number, outcome: Outcome): Promise<Payment> {
  const account = await getAccount(context(), account_id)
  return (await applyOutcome(context(), account, await stateOf(payment), number, outcome, null)).state.payment
}

test('a hold the gateway no longer knows ends in our books, as expired', async () => {
  const payment = await approved()
  await loseHold(payment)
  pass(2 * day_ms)
  const ended = await look(payment)
  assert.deepEqual([ended.status, ended.resolution, ended.voided_amount_minor], ['terminated', 'expired', 10_000n])
  assert.equal(statusOf(await order(payment, { kind: 'capture' })), 'state')
})

test('news that a hold is gone is believed when the gateway says so itself', async () => {
  const payment = await approved()
  assert.equal((await hear(payment, 1, voidedByTheGateway)).status, 'authorized')
  const { number } = await loseHold(payment)
  const ended = await hear(payment, number, voidedByTheGateway)
  assert.deepEqual([ended.status, ended.resolution], ['terminated', 'expired'])
  const again = await hear(payment, number, voidedByTheGateway)
  assert.equal(again.version, ended.version)
})

/** The payer is at his bank when the payment is given up. */
async function givenUp(): Promise<Payment> {
  script({ answer: 'three_ds' })
  const payment = await approved({ source: 'platform_api' })
  assert.equal(payment.status, 'process_pending')
  return hear(payment, 1, voidedByTheGateway)
}

test('an authorization that is approved too late is let go, with its hold in the books', async () => {
  const payment = await givenUp()
  assert.equal(payment.status, 'process_failed')
  assert.equal((await hear(payment, 1, gone)).status, 'process_failed')
  await look(payment)
  const [attempt] = (await stateOf(payment)).attempts
  assert.deepEqual([attempt?.late_approval, attempt?.reversal_status], [true, 'done'])
  const transfers = await context()
    .sql`select code, kind from ledger_transfers where subject_id = ${payment.id} order by id`
  assert.deepEqual(
    [...transfers],
    [
      { code: 'late_hold', kind: 'pending' },
      { code: 'late_hold_released', kind: 'void' },
    ],
  )
})

test('a late approval that the merchant accepts is a hold like any other', async () => {
  script({ answer: 'decline', code: '51' })
  const payment = await approved({ source: 'platform_api', options: { accept_late_success: true } })
  const late = await hear(payment, 1, gone)
  assert.deepEqual([late.status, late.authorized_amount_minor], ['authorized', 10_000n])
})

test('a fee and a reserve are borne by captures as they come, and released once', async () => {
  const payment = await approved()
  const terms = { strategy: 'internal', reverse: false, rate: '3', fix_minor: '10', min_minor: '0', max_minor: '0' }
  const reserve = { reserve_rate: '10', reserve_lifetime_minutes: 60 }
  await context().sql`
    update payments set fee_minor = 310, deposit_minor = 9690, terms = ${JSON.stringify({ fee: terms, ...reserve })}::json where id = ${payment.id}`
  await order(payment, { kind: 'capture', amount: 4_000n })
  await order(payment, { kind: 'capture', amount: 6_000n })
  const { payment: captured } = await stateOf(payment)
  assert.deepEqual(
    [captured.processed_fee_minor, captured.reserved_amount_minor, captured.processed_deposit_minor],
    [310n, 1_000n, 8_690n],
  )
  pass(2 * 3_600_000)
  const released = await look(payment)
  assert.deepEqual([released.unreserved, released.due_at], [true, null])
})
