import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { getAccount } from '../accounts/find-account.ts'
import { sampleAccount } from '../callbacks/sample-callbacks.ts'
import { loadStarterDirectory } from '../directory/load-starter.ts'
import type { ToldBefore } from './find-payment.ts'
import { paidPayment, pendingPayment } from './sample-payments.ts'
import { callbackOf } from './tell-merchant.ts'

let t: TestContext
before(async () => {
  t = await testContext()
  await loadStarterDirectory(t.ctx)
})
after(() => t.close())

const known = { status: 'done', processed: 1, response_code: 200, transaction_status: 'process_pending' } as const

async function logsTold(id: string, told: ToldBefore): Promise<unknown> {
  const account = await getAccount(t.ctx, (await sampleAccount(t.ctx, {})).id)
  const of = { account_id: account.id, id }
  const parts = await callbackOf(t.ctx, account, { ...pendingPayment, ...of }, { ...paidPayment, ...of }, [], told)
  for (const part of parts) await t.ctx.sql`with moved as (select 1), ${part} select 1`
  const [event] = await t.ctx.sql<{ body: string }[]>`select body from callback_events where subject_id = ${id}`
  return JSON.parse(event?.body ?? '{}').data.attributes.callback_logs
}

test('the events before are those the last change has seen, unless that was too long ago', async () => {
  const logs = { logs: { '1': known }, last_write: null }
  const minute_ms = 60_000
  const now = performance.now()
  assert.deepEqual(await logsTold('cpi_0000000000000071', { logs, at: now + minute_ms }), { '1': known })
  assert.deepEqual(await logsTold('cpi_0000000000000072', { logs, at: now - minute_ms }), [])
})
