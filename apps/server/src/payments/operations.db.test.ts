import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ordinaryScript } from '../../../simulators/src/terminals/script.ts'
import { getAccount } from '../accounts/find-account.ts'
import { type Ordered, orderOperation } from './order-operation.ts'
import type { Operation } from './payment.ts'
import {
  account_id,
  advance,
  amounts,
  approved,
  context,
  openOperations,
  operationsOf,
  order,
  pass,
  provider,
  script,
  stateOf,
  statusOf,
  taken,
} from './sample-operations.ts'

openOperations()

/** After it the test gateways' "not found" is believed. */
const settled_ms = 3_000

test('an approved authorization holds the amount and takes nothing', async () => {
  const payment = await approved()
  assert.deepEqual(
    [payment.status, payment.authorized_amount_minor, payment.processed_amount_minor, payment.processed_at],
    ['authorized', 10_000n, null, null],
  )
  assert.equal(provider(payment)?.held_amount, '10000')
  const events = await context().sql`select code, kind from ledger_transfers where subject_id = ${payment.id}`
  assert.deepEqual([...events], [{ code: 'authorization_hold', kind: 'pending' }])
})

test('captured in parts, the rest given up, one capture refunded', async () => {
  const payment = await approved()
  const first = await order(payment, { kind: 'capture', amount: 4_000n })
  assert.equal(statusOf(first), 'done')
  assert.deepEqual(amounts((await stateOf(payment)).payment), ['processed', 4_000n, null, null])
  assert.equal(statusOf(await order(payment, { kind: 'capture', amount: 3_000n })), 'done')
  assert.equal(statusOf(await order(payment, { kind: 'void' })), 'done')
  assert.deepEqual(amounts((await stateOf(payment)).payment), ['processed', 7_000n, 3_000n, null])
  const capture_id = first.refused === null ? first.operation.id : ''
  const refused = await order(payment, { kind: 'refund', amount: 4_001n, capture_id })
  assert.deepEqual([refused.refused, refused.refused && refused.left_minor], ['amount', 4_000n])
  assert.equal(statusOf(await order(payment, { kind: 'refund', amount: 4_000n, capture_id })), 'done')
  assert.deepEqual(amounts((await stateOf(payment)).payment), ['partially_refunded', 7_000n, 3_000n, 4_000n])
  assert.equal(statusOf(await order(payment, { kind: 'capture', amount: 1n })), 'amount')
  const { net_amount, held_amount } = provider(payment) ?? {}
  assert.deepEqual([net_amount, held_amount], ['3000', '0'])
})

test('given up whole it is terminated, and cannot be captured', async () => {
  const payment = await approved()
  assert.equal(statusOf(await order(payment, { kind: 'void' })), 'done')
  const { payment: after } = await stateOf(payment)
  assert.deepEqual([after.status, after.resolution, after.due_at], ['terminated', 'ok', null])
  const capture = await order(payment, { kind: 'capture', amount: 1n })
  assert.deepEqual([capture.refused, capture.refused && capture.left_minor], ['amount', 0n])
})

test('a charge that is not settled yet is cancelled whole, with its fee', async () => {
  const payment = await approved({ payment_flow: 'charge' })
  assert.equal(statusOf(await order(payment, { kind: 'void', amount: 9_999n })), 'part')
  assert.equal(statusOf(await order(payment, { kind: 'void' })), 'done')
  const { payment: after } = await stateOf(payment)
  assert.deepEqual(amounts(after), ['refunded', 10_000n, null, 10_000n])
  assert.equal(after.refunded_fee_minor, after.processed_fee_minor)
  assert.equal(provider(payment)?.net_amount, '0')
  assert.equal(statusOf(await order(payment, { kind: 'refund' })), 'amount')
})

test('capture and void at once: exactly one has the amount', async () => {
  const payment = await approved()
  const both = await Promise.all([order(payment, { kind: 'capture' }), order(payment, { kind: 'void' })])
  assert.deepEqual(both.map(statusOf).sort(), ['amount', 'done'])
  const { payment: after } = await stateOf(payment)
  assert.equal((after.processed_amount_minor ?? 0n) + (after.voided_amount_minor ?? 0n), 10_000n)
})

test('fifty captures of different amounts at once never take more than is held', async () => {
  const payment = await approved()
  const wishes = Array.from({ length: 50 }, (_, i) => order(payment, { kind: 'capture', amount: BigInt(100 + i * 10) }))
  const ordered = await Promise.all(wishes)
  const sum = ordered.reduce((all, one) => all + taken(one), 0n)
  assert.ok(
    ordered.every((one) => ['done', 'amount'].includes(statusOf(one))),
    ordered.map(statusOf).join(),
  )
  const { payment: after } = await stateOf(payment)
  assert.equal(after.processed_amount_minor, sum)
  assert.ok(sum <= 10_000n && sum > 9_400n, `${sum}`)
  assert.equal(provider(payment)?.charged_amount, `${sum}`)
})

test('fifty refunds at once never give back more than was paid, and capture goes on beside them', async () => {
  const payment = await approved()
  const capture = await order(payment, { kind: 'capture', amount: 5_000n })
  const capture_id = capture.refused === null ? capture.operation.id : ''
  const wishes = Array.from({ length: 50 }, (_, i) =>
    i === 25
      ? order(payment, { kind: 'capture', amount: 2_000n })
      : order(payment, { kind: 'refund', amount: 150n, capture_id }),
  )
  const ordered = await Promise.all(wishes)
  assert.equal(statusOf(ordered[25] as Ordered), 'done')
  assert.equal(ordered.filter((one) => statusOf(one) === 'done').length, 34)
  const { payment: after } = await stateOf(payment)
  assert.deepEqual([after.processed_amount_minor, after.refunded_amount_minor], [7_000n, 4_950n])
  assert.equal(provider(payment)?.net_amount, '2050')
})

for (const kind of ['capture', 'void', 'refund'] as const) {
  test(`a ${kind} whose answer is lost counts as used, is asked about, and is done once`, async () => {
    const payment = await approved({ payment_flow: kind === 'refund' ? 'charge' : 'authorize' })
    script({ captures: 'error_after', cancels: 'error_after', refunds: 'error_after' })
    const ordered = await order(payment, { kind, amount: 6_000n })
    assert.equal(statusOf(ordered), 'unknown')
    assert.equal(statusOf(await order(payment, { kind, amount: 4_001n })), 'amount')
    script(ordinaryScript)
    const [operation] = await operationsOf(payment)
    // Two workers at once, and once more.
    await Promise.all([advance(operation as Operation), advance(operation as Operation)])
    await advance(operation as Operation)
    const [known] = await operationsOf(payment)
    assert.equal(known?.status, 'done')
    assert.equal(
      provider(payment)?.children.filter((child) => child.kind === (kind === 'void' ? 'cancel' : kind)).length,
      1,
    )
  })

  test(`a ${kind} that never arrived is ordered again under its key`, async () => {
    const payment = await approved({ payment_flow: kind === 'refund' ? 'charge' : 'authorize' })
    script({
      captures: 'error_before',
      cancels: 'error_before',
      refunds: 'error_before',
    })
    assert.equal(statusOf(await order(payment, { kind, amount: 6_000n })), 'unknown')
    script(ordinaryScript)
    const [operation] = await operationsOf(payment)
    pass(settled_ms)
    await advance(operation as Operation)
    assert.equal((await operationsOf(payment))[0]?.status, 'sent')
    await advance(operation as Operation)
    assert.equal((await operationsOf(payment))[0]?.status, 'done')
    assert.deepEqual(
      provider(payment)?.children.map(({ reference, amount }) => [reference, amount]),
      [[operation?.id, '6000']],
    )
  })

  test(`a ${kind} that is declined fails, and what it held is free again`, async () => {
    const payment = await approved({ payment_flow: kind === 'refund' ? 'charge' : 'authorize' })
    script({ captures: 'decline', cancels: 'decline', refunds: 'decline' })
    assert.equal(statusOf(await order(payment, { kind })), 'failed')
    script(ordinaryScript)
    assert.equal(statusOf(await order(payment, { kind })), 'done')
  })
}

test('an operation whose process died before the call is carried out by a worker', async () => {
  const payment = await approved()
  script({ answer: 'down' })
  const ordered = await order(payment, { kind: 'capture', amount: 2_500n })
  script(ordinaryScript)
  const [operation] = await operationsOf(payment)
  await context().sql`update operations set status = 'sent', lookups = 0 where id = ${operation?.id ?? ''}`
  assert.equal(statusOf(ordered), 'unknown')
  pass(settled_ms)
  await advance(operation as Operation)
  await advance(operation as Operation)
  assert.deepEqual(amounts((await stateOf(payment)).payment), ['processed', 2_500n, null, null])
})

test('a reference is used once', async () => {
  const payment = await approved()
  const account = await getAccount(context(), account_id)
  const wish = {
    kind: 'capture',
    amount_minor: 100n,
    reference_id: 'one',
    description: null,
    capture_id: null,
  } as const
  const both = await Promise.all([
    orderOperation(context(), account, payment.id, wish),
    orderOperation(context(), account, payment.id, wish),
  ])
  assert.deepEqual(both.map(statusOf).sort(), ['done', 'reference'])
})
