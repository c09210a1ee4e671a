import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWorld, type World } from '../../../../tests/world.ts'
import { demoAccounts } from '../../demo/accounts.ts'
import { getAccount } from '../accounts/find-account.ts'
import { readCalls } from '../cascades/read-calls.ts'
import { findPaymentById } from '../payments/find-payment.ts'
import { claimPaid } from './claim-paid.ts'

let world: World
const passed_ms = 0
before(async () => {
  world = await startWorld({ now: () => new Date(Date.now() + passed_ms) })
})
after(() => world.close())

/** Looks until it is so, at most ten seconds. */
async function until<Value>(look: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> {
  for (let tries = 0; tries < 200; tries += 1) {
    const value = await look()
    if (isSo(value)) return value
    await sleep(50)
  }
  return look()
}

const wish = { amount: '3900.00', currency: 'RUB', service: 'sbp_rub_invoice', test_mode: true }

test('a worker asks by itself, the payment succeeds, and the log of calls tells nobody the requisites', async () => {
  const { desks } = world.simulators
  desks.script('volga', { steps: ['issue'] })
  const { status, body } = await world.call('POST', '/api/payment-invoices', wish)
  assert.equal(status, 201, JSON.stringify(body))
  const { id } = body.data
  const rows = () => world.ctx.sql<{ attempt_id: string; state: string; provider_reference: string }[]>`
    select attempt_id, state, provider_reference from provider_payments where payment_id = ${id}`
  const [issued] = await until(rows, ([row]) => row?.state === 'issued')
  assert.ok(issued?.state === 'issued')
  desks.setPayment('volga', issued.provider_reference, { status: 'success' })
  const payment = await findPaymentById(world.ctx, id)
  assert.ok(payment && demoAccounts[0])
  // The first regular question is ten seconds away: "I have paid" brings it forward.
  await claimPaid(world.ctx, await getAccount(world.ctx, payment.account_id), payment, 1)
  const read = async () => (await world.call('GET', `/api/payment-invoices/${id}`)).body.data.attributes.status
  assert.equal(await until(read, (one) => one === 'processed'), 'processed')
  const calls = await until(
    () => readCalls(world.ctx.sql, issued.attempt_id),
    (found) => found.length >= 2,
  )
  assert.deepEqual([...new Set(calls.map(({ event }) => event))], ['CREATE_PAYMENT', 'GET_PAYMENT'])
  const told = JSON.parse(
    desks.calls('volga').find(({ request }) => request.includes('CREATE_PAYMENT'))?.answer ?? '{}',
  )
  const kept = JSON.stringify(calls)
  for (const personal of [told.owner, told.sbpNumber]) {
    assert.equal(typeof personal, 'string')
    assert.ok(!kept.includes(personal))
  }
  assert.ok(!kept.includes(desks.credentials('volga').api_key))
})
