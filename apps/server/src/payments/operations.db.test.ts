import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createSimulators, type Simulators } from '../../../simulators/src/simulators.ts'
import { ordinaryScript } from '../../../simulators/src/terminals/script.ts'
import { demoAccounts } from '../../demo/accounts.ts'
import { getAccount } from '../accounts/find-account.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { verifyLedger } from '../ledger/verify.ts'
import type { Gateway } from '../routing/gateway.ts'
import { getGateway } from '../routing/load-routing.ts'
import { advanceOperation } from './advance-operation.ts'
import { advancePayment } from './advance-payment.ts'
import { sendVoid } from './call-gateway.ts'
import { createPayment } from './create-payment.ts'
import { listOperations } from './find-operation.ts'
import { loadState, type State } from './find-payment.ts'
import { type Ordered, orderOperation } from './order-operation.ts'
import type { Attempt, NewPayment, Operation, Payment } from './payment.ts'
import { planPayment } from './plan-payment.ts'
import { submitCard } from './submit-card.ts'

const day_ms = 24 * 3_600_000
let simulators: Simulators
let world: TestContext
let passed_ms = 0
let serial = 0

before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  world = await testContext({ now: () => new Date(Date.now() + passed_ms) })
  await seedDemo(world.ctx, { simulators: simulators.url })
})
afterEach(async () => {
  simulators.control.setScript('first', ordinaryScript)
  const findings = await verifyLedger(world.ctx.sql)
  assert.deepEqual(
    findings.flatMap(({ check, culprits }) => culprits.map((culprit) => `${check}: ${culprit}`)),
    [],
  )
})
after(async () => {
  await simulators.close()
  await world.close()
})

const account_id = demoAccounts[0]?.settings.id ?? ''
const card = { number: '5519283812030000', exp_month: '12', exp_year: '2030', cvv: '123', holder: null }

/** A payment that has been approved; of the Card API, whose payments may have several operations at once. */
async function approved(changes: Partial<NewPayment> = {}): Promise<Payment> {
  const { ctx } = world
  const account = await getAccount(ctx, account_id)
  const wish: NewPayment = {
    reference_id: null,
    test_mode: true,
    payment_flow: 'authorize',
    source: 'card_api',
    amount_minor: 10_000n,
    currency: 'USD',
    service: 'payment_card_usd_hpp',
    service_fields: {},
    description: null,
    customer: null,
    metadata: null,
    return_url: null,
    return_urls: null,
    callback_url: null,
    gateway_options: null,
    options: null,
    token: null,
    expires_at: null,
    ...changes,
  }
  const planned = await planPayment(ctx, account, wish)
  if (!planned.plan) throw new Error(JSON.stringify(planned.problems))
  const { payment } = await createPayment(ctx, account, wish, planned.plan)
  const submission = { card, browser: {}, client_ip: '127.0.0.1', payer_on_page: false }
  return (await submitCard(ctx, account, payment, submission, 20_000)).payment
}

type Wish = { readonly kind: Operation['kind']; readonly amount?: bigint | null; readonly capture_id?: string }

async function order(payment: Payment, { kind, amount = null, capture_id }: Wish): Promise<Ordered> {
  serial += 1
  const reference_id = `order-${serial}`
  return orderOperation(world.ctx, await getAccount(world.ctx, account_id), payment.id, {
    kind,
    amount_minor: amount,
    reference_id,
    description: null,
    capture_id: capture_id ?? null,
  })
}

const stateOf = (payment: Payment): Promise<State> => loadState(world.ctx, account_id, payment.id)
const operationsOf = (payment: Payment): Promise<Operation[]> => listOperations(world.ctx, account_id, payment.id)
const taken = (ordered: Ordered): bigint => (ordered.refused === null ? ordered.operation.amount_minor : 0n)
const statusOf = (ordered: Ordered): string => (ordered.refused === null ? ordered.operation.status : ordered.refused)
const provider = (payment: Payment) =>
  simulators.control
    .ledger()
    .find((entry) => entry.reference.startsWith(payment.id.slice(4)) && entry.status !== 'declined')
const amounts = ({ status, processed_amount_minor, voided_amount_minor, refunded_amount_minor }: Payment) => [
  status,
  processed_amount_minor,
  voided_amount_minor,
  refunded_amount_minor,
]
const advance = async (operation: Operation): Promise<void> =>
  advanceOperation(world.ctx, account_id, operation.payment_id, operation.id)

test('an approved authorization holds the amount and takes nothing', async () => {
  const payment = await approved()
  assert.deepEqual(
    [payment.status, payment.authorized_amount_minor, payment.processed_amount_minor, payment.processed_at],
    ['authorized', 10_000n, null, null],
  )
  assert.equal(provider(payment)?.held_amount, '10000')
  const events = await world.ctx.sql`select code, kind from ledger_transfers where subject_id = ${payment.id}`
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
    simulators.control.setScript('first', { captures: 'error_after', cancels: 'error_after', refunds: 'error_after' })
    const ordered = await order(payment, { kind, amount: 6_000n })
    assert.equal(statusOf(ordered), 'unknown')
    assert.equal(statusOf(await order(payment, { kind, amount: 4_001n })), 'amount')
    simulators.control.setScript('first', ordinaryScript)
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
    simulators.control.setScript('first', {
      captures: 'error_before',
      cancels: 'error_before',
      refunds: 'error_before',
    })
    assert.equal(statusOf(await order(payment, { kind, amount: 6_000n })), 'unknown')
    simulators.control.setScript('first', ordinaryScript)
    const [operation] = await operationsOf(payment)
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
    simulators.control.setScript('first', { captures: 'decline', cancels: 'decline', refunds: 'decline' })
    assert.equal(statusOf(await order(payment, { kind })), 'failed')
    simulators.control.setScript('first', ordinaryScript)
    assert.equal(statusOf(await order(payment, { kind })), 'done')
  })
}

test('an operation whose process died before the call is carried out by a worker', async () => {
  const payment = await approved()
  simulators.control.setScript('first', { answer: 'down' })
  const ordered = await order(payment, { kind: 'capture', amount: 2_500n })
  simulators.control.setScript('first', ordinaryScript)
  const [operation] = await operationsOf(payment)
  await world.ctx.sql`update operations set status = 'sent', lookups = 0 where id = ${operation?.id ?? ''}`
  assert.equal(statusOf(ordered), 'unknown')
  await advance(operation as Operation)
  await advance(operation as Operation)
  assert.deepEqual(amounts((await stateOf(payment)).payment), ['processed', 2_500n, null, null])
})

test('a reference is used once', async () => {
  const payment = await approved()
  const account = await getAccount(world.ctx, account_id)
  const wish = {
    kind: 'capture',
    amount_minor: 100n,
    reference_id: 'one',
    description: null,
    capture_id: null,
  } as const
  const both = await Promise.all([
    orderOperation(world.ctx, account, payment.id, wish),
    orderOperation(world.ctx, account, payment.id, wish),
  ])
  assert.deepEqual(both.map(statusOf).sort(), ['done', 'reference'])
})

async function look(payment: Payment): Promise<Payment> {
  await advancePayment(world.ctx, account_id, payment.id, AbortSignal.timeout(60_000))
  return (await stateOf(payment)).payment
}

test('a hold that nobody captures is given up after thirty days, and not before', async () => {
  const payment = await approved()
  await order(payment, { kind: 'capture', amount: 1_000n })
  const start = passed_ms
  try {
    passed_ms += 29 * day_ms
    const kept = await look(payment)
    assert.deepEqual(amounts(kept), ['processed', 1_000n, null, null])
    assert.ok(kept.due_at && kept.due_at > world.ctx.now())
    passed_ms += 2 * day_ms
    const ended = await look(payment)
    assert.deepEqual([...amounts(ended), ended.due_at], ['processed', 1_000n, 9_000n, null, null])
    assert.equal(provider(payment)?.held_amount, '0')
  } finally {
    passed_ms = start
  }
})

test('a hold the gateway no longer knows ends in our books, as expired', async () => {
  const payment = await approved()
  const start = passed_ms
  const winner = (await stateOf(payment)).attempts.find((attempt) => attempt.winner) as Attempt
  const gateway = (await getGateway(world.ctx, winner.gateway_id)) as Gateway
  assert.equal((await sendVoid(world.ctx, gateway, winner, 'by somebody else')).type, 'approved')
  try {
    passed_ms += 2 * day_ms
    const ended = await look(payment)
    assert.deepEqual([ended.status, ended.resolution, ended.voided_amount_minor], ['terminated', 'expired', 10_000n])
    assert.equal(statusOf(await order(payment, { kind: 'capture' })), 'state')
  } finally {
    passed_ms = start
  }
})
