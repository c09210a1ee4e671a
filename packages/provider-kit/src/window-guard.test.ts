import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WindowOpen, windowGuard } from './provider-kit.ts'
import { publishedExamples } from './published-examples.ts'
import { testProvider } from './test-provider.ts'
import { writeEvent } from './write-event.ts'

const id = 'your-unique-transaction-id'
const start_ms = Date.UTC(2027, 0, 1)
const minute_ms = 60_000

function guarded() {
  let now_ms = start_ms
  const now = () => new Date(now_ms)
  const guard = windowGuard(undefined, now)
  const { send } = testProvider(
    guard.watch({
      createPayment: async () => ({ id, status: 'pending', bank: 'B', owner: 'O', cardNumber: '4000000000000002' }),
      getPayment: async () => ({ status: 'pending' }),
      cancelPayment: async () => {},
      createAppeal: async () => {},
      cancelAppeal: async () => {},
      confirmAppeal: async () => {},
    }),
    { now },
  )
  const fail = (payment = id) => guard.setStatus(payment, 'failed', async () => 'changed')
  const wait = (ms: number) => {
    now_ms += ms
  }
  return { guard, send, fail, wait }
}

test('a payment does not fail before its window is over', async () => {
  const { send, fail, wait } = guarded()
  await send(publishedExamples.CREATE_PAYMENT.request)
  wait(30 * minute_ms - 1)
  await assert.rejects(fail(), WindowOpen)
  wait(1)
  assert.equal(await fail(), 'changed')
})

test('it fails at once when it was cancelled, and succeeds whenever it does', async () => {
  const { guard, send, fail } = guarded()
  await send(publishedExamples.CREATE_PAYMENT.request)
  assert.equal(await guard.setStatus(id, 'success', async () => 'paid'), 'paid')
  await assert.rejects(fail(), WindowOpen)
  assert.equal((await send(writeEvent('CANCEL_PAYMENT', { id }))).status, 200)
  assert.equal(await fail(), 'changed')
})

test('payments without a window and payments nobody knows are not guarded', async () => {
  const { send, fail } = guarded()
  await send(writeEvent('CREATE_PAYMENT', { amount: '1', method: 'card', currencyRate: '1', currency: 'RUB' }))
  assert.equal(await fail(), 'changed')
  assert.equal(await fail('never-seen'), 'changed')
})
