/** Attempts that are taken back by their reference: the money is where the payment says, whatever is heard meanwhile. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '@cascad/connector'
import { getAccount } from '../accounts/find-account.ts'
import { platform, saveSettings } from '../routing/cascade-settings.ts'
import { applyOutcome } from './apply-outcome.ts'
import type { Attempt, Payment } from './payment.ts'
import {
  account_id,
  approved,
  context,
  day_ms,
  look,
  network,
  openOperations,
  pass,
  provider,
  script,
  stateOf,
  stopClock,
} from './sample-operations.ts'

// Nobody waits inside the cascade for answers that are lost.
openOperations((ctx) => saveSettings(ctx, { owner: platform, written: { time_budget_s: 2 }, changed_by: 'a test' }))

const hour_ms = 3_600_000
const isVoid = (method: string, path: string): boolean => method === 'POST' && path.includes('void')
const attemptOf = async (payment: Payment): Promise<Attempt> => {
  const { attempts } = await stateOf(payment)
  assert.equal(attempts.length, 1)
  return attempts[0] as Attempt
}

async function hear(payment: Payment, outcome: Outcome): Promise<void> {
  const account = await getAccount(context(), account_id)
  await applyOutcome(context(), account, await stateOf(payment), 1, outcome, null)
}

const isApproved = (provider_reference: string | null): Outcome => ({
  type: 'approved',
  provider_reference,
  amount_minor: 10_000n,
  rrn: null,
  approval_code: null,
  card_token: null,
})

/** Charged at the gateway, and unknown to us for a day: no question was answered. */
async function unknownForADay(): Promise<Payment> {
  pass(hour_ms)
  stopClock()
  script({ answer: 'error_after', lookups: 'error', notifications: 'none' })
  const payment = await approved({ payment_flow: 'charge', source: 'merchant_api' })
  assert.equal((await attemptOf(payment)).status, 'unknown')
  assert.equal(provider(payment)?.net_amount, '10000')
  pass(day_ms)
  return payment
}

const shown = async (payment: Payment) => {
  const { status, reversal_status } = await attemptOf(payment)
  return [(await stateOf(payment)).payment.status, status, reversal_status, provider(payment)?.net_amount]
}

test('what nobody knew for a day is taken back, and then it is over', async () => {
  const payment = await unknownForADay()
  await look(payment)
  assert.deepEqual(await shown(payment), ['process_failed', 'reversed', 'done', '0'])
})

test('an approval heard while the money is taken back is no success any more', async () => {
  const payment = await unknownForADay()
  network().beforeAnswer(isVoid, () => hear(payment, isApproved(null)))
  await look(payment)
  pass(hour_ms)
  await look(payment)
  assert.deepEqual(await shown(payment), ['process_failed', 'reversed', 'done', '0'])
})

test('an approval heard after the answer to the taking back was lost is no success either', async () => {
  const payment = await unknownForADay()
  script({ voids: 'error_after' })
  await look(payment)
  assert.equal(provider(payment)?.net_amount, '0')
  await hear(payment, isApproved(null))
  assert.notEqual((await stateOf(payment)).payment.status, 'processed')
  script({ voids: 'approve' })
  pass(hour_ms)
  await look(payment)
  assert.deepEqual(await shown(payment), ['process_failed', 'reversed', 'done', '0'])
})

test('a taking back that is lost for a while and arrives after an approval was heard takes nothing from a success', async () => {
  const payment = await unknownForADay()
  network().lose(isVoid)
  await look(payment)
  await hear(payment, isApproved(null))
  assert.deepEqual(await network().arrive(), [200])
  await network().pass()
  pass(hour_ms)
  await look(payment)
  assert.deepEqual(await shown(payment), ['process_failed', 'reversed', 'done', '0'])
})

for (const [what, refuse] of [
  ['is refused by the gateway', () => script({ voids: 'decline' })],
  ['never left', () => network().lose(isVoid)],
] as const) {
  test(`a taking back that ${what} leaves the attempt to what the gateway says`, async () => {
    const payment = await unknownForADay()
    if (what === 'never left')
      network().beforeAnswer(
        (method) => method === 'GET',
        () => network().refuse(),
      )
    else refuse()
    await look(payment)
    assert.deepEqual(await shown(payment), ['process_pending', 'unknown', null, '10000'])
    await network().pass()
    script({ lookups: 'normal', voids: 'approve' })
    pass(hour_ms)
    await look(payment)
    assert.deepEqual(await shown(payment), ['processed', 'approved', null, '10000'])
  })
}

test('what was taken back and is asked about afterwards ends by the answer', async () => {
  const payment = await unknownForADay()
  script({ voids: 'error_after' })
  await look(payment)
  script({ voids: 'approve', lookups: 'normal' })
  for (let hours = 0; hours < 3; hours += 1) {
    pass(hour_ms)
    await look(payment)
  }
  const [status, , , net] = await shown(payment)
  assert.deepEqual([status, net], ['process_failed', '0'])
  assert.equal((await stateOf(payment)).payment.due_at, null)
})

/** Shown to the payer, and never finished: his bank's page is still open. */
async function expired(): Promise<Payment> {
  pass(hour_ms)
  stopClock()
  script({ answer: 'pending', notifications: 'none' })
  const payment = await approved({ payment_flow: 'charge', source: 'merchant_api' })
  assert.equal((await attemptOf(payment)).status, 'incomplete')
  return payment
}

test('an expired order whose gateway is out of reach for days is taken back once it is there again', async () => {
  const payment = await expired()
  await network().refuse()
  for (let hours = 0; hours < 30; hours += 1) {
    pass(hour_ms)
    await look(payment)
  }
  const { status, reversal_status } = await attemptOf(payment)
  assert.deepEqual([status, reversal_status], ['expired', 'sent'], 'no answer is no refusal')
  await network().pass()
  pass(hour_ms)
  await look(payment)
  assert.equal((await attemptOf(payment)).reversal_status, 'done')
  assert.equal(provider(payment)?.status, 'voided')
})

test('an expired order that the gateway will not take back is left after a day of refusals', async () => {
  const payment = await expired()
  script({ voids: 'decline' })
  for (let hours = 0; hours < 30; hours += 1) {
    pass(hour_ms)
    await look(payment)
  }
  assert.equal((await attemptOf(payment)).reversal_status, 'failed')
  assert.equal((await stateOf(payment)).payment.due_at, null)
})
