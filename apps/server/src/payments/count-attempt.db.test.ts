import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { countAttempt } from './count-attempt.ts'
import { attemptOf } from './sample-attempts.ts'
import { pendingPayment } from './sample-payments.ts'

let t: TestContext
before(async () => {
  t = await testContext()
})
after(() => t.close())

test('what cannot be counted is reported, and the news stays applied', async () => {
  const faults: unknown[] = []
  const ctx = { ...t.ctx, events: { ...t.ctx.events, fault: (_: string, error: unknown) => faults.push(error) } }
  await t.ctx.sql`alter table gateway_breakers rename to gone`
  const sent = attemptOf(pendingPayment, 1, { status: 'sent' })
  const state = (attempt: typeof sent) => ({ payment: pendingPayment, attempts: [attempt] })
  await countAttempt(ctx, state(sent), state({ ...sent, status: 'unknown' }), sent.number, {
    outcome: { type: 'unknown', detail: 'no answer' },
    set_up_wrong: false,
    running: true,
  })
  await t.ctx.sql`alter table gone rename to gateway_breakers`
  assert.equal(faults.length, 1)
  assert.match(String(faults[0]), /gateway_breakers/)
})
