import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createSimulators, type Simulators } from '../../../simulators/src/simulators.ts'
import { demoAccounts } from '../../demo/accounts.ts'
import { getAccount } from '../accounts/find-account.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { loadState } from './find-payment.ts'
import type { NewPayment, Payment } from './payment.ts'
import { refundPayment } from './refund-payment.ts'
import { placeSample } from './sample-wish.ts'
import { submitCard } from './submit-card.ts'
import { startPaymentWork } from './work.ts'

let simulators: Simulators
let world: TestContext
let stop: () => Promise<unknown>

before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  world = await testContext()
  await seedDemo(world.ctx, { simulators: simulators.url })
  const work = startPaymentWork(world.ctx)
  stop = () => Promise.all(work.map((one) => one.stop()))
})
after(async () => {
  await stop()
  await simulators.close()
  await world.close()
})

const account_id = demoAccounts[0]?.settings.id ?? ''

async function create(changes: Partial<NewPayment> = {}): Promise<Payment> {
  const { ctx } = world
  const account = await getAccount(ctx, account_id)
  return placeSample(ctx, account, { description: 'A test', metadata: { key: 'value' }, ...changes })
}

const card = { number: '5519283812030000', exp_month: '12', exp_year: '2030', cvv: '123', holder: null }

async function pay(payment: Payment, changes: Partial<typeof card> = {}): Promise<Payment> {
  const account = await getAccount(world.ctx, account_id)
  const submission = { card: { ...card, ...changes }, browser: {}, client_ip: '127.0.0.1', payer_on_page: false }
  return (await submitCard(world.ctx, account, payment, submission, 20_000)).payment
}

test('a card payment: the first acquirer declines, the second approves, the books and callbacks are written with it', async () => {
  const payment = await create({ amount_minor: 10_096n })
  const paid = await pay(payment)
  assert.deepEqual([paid.status, paid.resolution, paid.processed_amount_minor], ['processed', 'ok', 10_096n])
  const { attempts } = await loadState(world.ctx, account_id, payment.id)
  assert.deepEqual(
    attempts.map(({ gateway_id, status, decision }) => [gateway_id, status, decision]),
    [
      [408, 'declined', 'hop'],
      [409, 'approved', 'win'],
    ],
  )
  const transfers = await world.ctx
    .sql`select debit, credit, amount_minor, code from ledger_transfers where subject_id = ${payment.id}`
  assert.deepEqual(
    [...transfers],
    [{ debit: 'gateway:409', credit: 'merchant:active', amount_minor: 10_096n, code: 'payment' }],
  )
  const events = await world.ctx.sql<
    { subject_status: string }[]
  >`select subject_status from callback_events where subject_id = ${payment.id} order by id`
  assert.deepEqual(
    events.map(({ subject_status }) => subject_status),
    ['process_pending', 'processed'],
  )
  const runs = await world.ctx.sql<
    { record: { chosen: number } }[]
  >`select record from routing_runs where payment_id = ${payment.id} order by run`
  assert.deepEqual(
    runs.map(({ record }) => record.chosen),
    [408, 409],
  )
  const charged = simulators.control
    .ledger()
    .filter((entry) => entry.reference.startsWith(payment.id.slice(4)) && entry.charged)
  assert.equal(charged.length, 1)
})

test('twenty submits at once charge the card once', async () => {
  const payment = await create({ amount_minor: 5_000n })
  const results = await Promise.all(Array.from({ length: 20 }, () => pay(payment)))
  assert.ok(results.every(({ status }) => status === 'processed'))
  assert.equal(simulators.control.ledger().filter((entry) => entry.reference.startsWith(payment.id.slice(4))).length, 1)
})

test('a refund in two parts and no more than was paid', async () => {
  const paid = await pay(await create({ amount_minor: 5_000n }))
  const account = await getAccount(world.ctx, account_id)
  const first = await refundPayment(world.ctx, account, paid, {
    amount_minor: 2_000n,
    reference_id: 'one',
    description: null,
  })
  assert.deepEqual([first.payment.status, first.payment.refunded_amount_minor], ['partially_refunded', 2_000n])
  const again = await refundPayment(world.ctx, account, paid, {
    amount_minor: 1_000n,
    reference_id: 'one',
    description: null,
  })
  assert.equal(again.refused, true)
  await assert.rejects(
    refundPayment(world.ctx, account, paid, { amount_minor: 3_001n, reference_id: 'two', description: null }),
  )
  const rest = await refundPayment(world.ctx, account, paid, {
    amount_minor: null,
    reference_id: 'two',
    description: null,
  })
  assert.deepEqual([rest.payment.status, rest.payment.refunded_amount_minor], ['refunded', 5_000n])
})

test('the test service ends as its word says, without the payer', async () => {
  const ok = await create({ service: 'test_usd_test', service_fields: { status: 'success' } })
  assert.equal(ok.status, 'process_pending')
  const failed = await create({ service: 'test_usd_test', service_fields: { status: 'fail' } })
  const seen = async (id: string): Promise<Payment> => {
    for (let i = 0; i < 100; i += 1) {
      const { payment } = await loadState(world.ctx, account_id, id)
      if (payment.status !== 'process_pending') return payment
      await sleep(50)
    }
    throw new Error(`${id} did not end`)
  }
  assert.equal((await seen(ok.id)).status, 'processed')
  const end = await seen(failed.id)
  assert.deepEqual([end.status, end.resolution], ['process_failed', 'general_fatal_error'])
})

test('a verification takes no money and books nothing', async () => {
  const done = await pay(await create({ payment_flow: 'verify' }))
  assert.deepEqual([done.status, done.processed_amount_minor, done.deposit_minor], ['verified', 0n, 0n])
  assert.equal((await world.ctx.sql`select 1 from ledger_transfers where subject_id = ${done.id}`).length, 0)
})

test('the expiry of a failing test card chooses the resolution', async () => {
  const done = await pay(await create(), { number: '4302912837020000', exp_month: '05', exp_year: '2029' })
  assert.deepEqual([done.status, done.resolution], ['process_failed', 'insufficient_funds'])
})

test('a timeout after charging is asked about and found paid, and never charged twice', async () => {
  simulators.control.setScript('first', { answer: 'timeout_after' })
  try {
    const payment = await create({ amount_minor: 7_000n })
    const done = await pay(payment)
    assert.equal(done.status, 'processed')
    const { attempts } = await loadState(world.ctx, account_id, payment.id)
    assert.deepEqual(
      attempts.map(({ gateway_id, status }) => [gateway_id, status]),
      [[408, 'approved']],
    )
  } finally {
    simulators.control.reset()
  }
})
