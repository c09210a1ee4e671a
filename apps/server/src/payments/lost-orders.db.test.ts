/** Orders of refunds, captures and voids that are lost in the network for a while: they are done once, and never shown as failed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Connector } from '@cascad/connector'
import { getAccount } from '../accounts/find-account.ts'
import { applyOperation } from './carry-out-operation.ts'
import type { Operation, Payment } from './payment.ts'
import {
  account_id,
  advance,
  amounts,
  approved,
  context,
  gone,
  network,
  openOperations,
  operationsOf,
  order,
  pass,
  provider,
  stateOf,
  statusOf,
  stopClock,
} from './sample-operations.ts'

openOperations()

const kinds = ['capture', 'void', 'refund'] as const
const second_ms = 1_000
const ofKind = (kind: Operation['kind']): Promise<Payment> =>
  kind === 'refund'
    ? approved({ payment_flow: 'charge', source: 'merchant_api' })
    : approved({ payment_flow: 'authorize' })

/** The operation after its order was lost on the way. */
async function lose(payment: Payment, kind: Operation['kind']): Promise<Operation> {
  stopClock()
  network().lose((method) => method === 'POST')
  assert.equal(statusOf(await order(payment, { kind })), 'unknown')
  return one(payment)
}

async function one(payment: Payment): Promise<Operation> {
  const operations = await operationsOf(payment)
  assert.equal(operations.length, 1)
  return operations[0] as Operation
}

async function step(payment: Payment): Promise<Operation['status']> {
  await advance(await one(payment))
  return (await one(payment)).status
}

const doneAs = {
  capture: ['processed', 10_000n, null, null],
  void: ['terminated', null, 10_000n, null],
  refund: ['refunded', 10_000n, null, 10_000n],
} as const

async function assertDoneOnce(payment: Payment, operation: Operation): Promise<void> {
  assert.equal((await one(payment)).status, 'done')
  assert.deepEqual(amounts((await stateOf(payment)).payment), doneAs[operation.kind])
  assert.deepEqual(
    provider(payment)?.children.map(({ reference, amount, status }) => [reference, amount, status]),
    [[operation.id, '10000', 'approved']],
  )
}

for (const kind of kinds) {
  test(`a ${kind} that the gateway does not know yet is not ordered again before its delay has settled`, async () => {
    const payment = await ofKind(kind)
    const operation = await lose(payment, kind)
    assert.equal(await step(payment), 'unknown', 'a moment after the order nothing is proven')
    assert.equal(network().lost(), 1)
    await network().arrive()
    assert.equal(await step(payment), 'done')
    await assertDoneOnce(payment, operation)
  })

  test(`a ${kind} that the gateway has told of and then denies is not ordered again`, async () => {
    const payment = await ofKind(kind)
    const operation = await lose(payment, kind)
    const told =
      kind === 'capture'
        ? { ...gone, provider_reference: 'told', amount_minor: operation.provider_amount_minor - 1n }
        : { type: 'pending' as const, provider_reference: 'told' }
    const account = await getAccount(context(), account_id)
    await applyOperation(context(), account, { state: await stateOf(payment), operation }, told)
    pass(3 * second_ms)
    assert.equal(await step(payment), 'unknown')
    await network().arrive()
    pass(60 * second_ms)
    assert.equal(await step(payment), 'done')
    await assertDoneOnce(payment, operation)
  })

  test(`a ${kind} is lost, denied, and its repeat refused; then the first order arrives`, async () => {
    const payment = await ofKind(kind)
    const operation = await lose(payment, kind)
    pass(3 * second_ms)
    assert.equal(await step(payment), 'sent', 'it is to be ordered again')
    await network().refuse()
    assert.equal(await step(payment), 'unknown', 'a repeat that never left proves nothing about the first order')
    await network().pass()
    assert.deepEqual(await network().arrive(), [200])
    pass(60 * second_ms)
    assert.equal(await step(payment), 'done')
    await assertDoneOnce(payment, operation)
  })

  test(`a ${kind} is ordered again under its key, and the first order arrives beside the repeat`, async () => {
    const payment = await ofKind(kind)
    const operation = await lose(payment, kind)
    pass(3 * second_ms)
    assert.equal(await step(payment), 'sent')
    await network().pass()
    const [status] = await Promise.all([step(payment), network().arrive()])
    assert.equal(status, 'done')
    await assertDoneOnce(payment, operation)
  })

  test(`a ${kind} that never left fails at once`, async () => {
    const payment = await ofKind(kind)
    await network().refuse()
    assert.equal(statusOf(await order(payment, { kind })), 'failed')
  })

  test(`a ${kind} whose own process finds out late that it never left leaves it to those who have taken it up`, async () => {
    const payment = await ofKind(kind)
    const operation = await lose(payment, kind)
    pass(3 * second_ms)
    assert.equal(await step(payment), 'sent')
    const start = { state: await stateOf(payment), operation: await one(payment) }
    const account = await getAccount(context(), account_id)
    const told = { type: 'not_sent', detail: 'the process slept between commit and call' } as const
    await applyOperation(context(), account, start, told)
    assert.notEqual((await one(payment)).status, 'failed')
    await network().arrive()
    await network().pass()
    pass(60 * second_ms)
    await step(payment)
    await step(payment)
    await assertDoneOnce(payment, operation)
  })
}

test('a gateway that cannot be asked is sent the order again under its key, until it answers', async () => {
  const payment = await ofKind('refund')
  const operation = await lose(payment, 'refund')
  const connectors = context().connectors as Map<string, Connector>
  const whole = connectors.get('acquirer') as Connector
  const { refundStatus: _, ...mute } = whole
  connectors.set('acquirer', mute)
  try {
    await context().sql`update operations set status = 'sent', lookups = 0 where id = ${operation.id}`
    const during: Operation[] = []
    network().lose(async () => during.push(await one(payment)) > 0)
    assert.equal(await step(payment), 'unknown')
    assert.deepEqual(
      during.map(({ status, lookups }) => [status, lookups]),
      [['unknown', 1]],
      'it was taken up before the call',
    )
    await network().refuse()
    assert.equal(await step(payment), 'unknown')
    await network().pass()
    assert.deepEqual(await network().arrive(), [200])
    assert.equal(await step(payment), 'done')
    await assertDoneOnce(payment, operation)
  } finally {
    connectors.set('acquirer', whole)
  }
})
