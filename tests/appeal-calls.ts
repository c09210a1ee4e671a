/** For tests of appeals over HTTP: calls held against the OpenAPI document, and payments whose requisites have run out. */
import assert from 'node:assert/strict'
import { demoProviders } from '../apps/server/demo/providers.ts'
import { sentReceipt } from '../apps/server/src/appeals/sample-files.ts'
import { listProviderPaymentsOf } from '../apps/server/src/cascades/find-provider-payment.ts'
import { type CheckReply, createCheckReply } from './check-reply.ts'
import { until } from './product/time.ts'
import type { Answer, World } from './world.ts'

export type FailedTransfer = { id: string; path: string; desk: string; attempt_id: string }

export const appealWish = (more: object = {}) => ({
  data: {
    type: 'payment-appeals',
    attributes: { reason: 'not_credited', comment: 'He has a receipt.', receipt: sentReceipt, ...more },
  },
})

/** Of the world's merchant. */
export async function appealCalls(world: World) {
  const check: CheckReply = createCheckReply(await (await fetch(`${world.url}/openapi.json`)).json())
  async function call(method: 'GET' | 'POST', path: string, status: number, body?: unknown): Promise<Answer> {
    const answer = await world.call(method, path, body)
    assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`)
    check(method, path, { status, content_type: 'application/json', body: JSON.stringify(answer.body) })
    return answer.body
  }

  /** A payment whose requisites have run out, and the desk that gave them. */
  async function failed(): Promise<FailedTransfer> {
    const { data } = await call('POST', '/api/payment-invoices', 201, {
      amount: 3900,
      currency: 'RUB',
      service: 'card_transfer_rub_invoice',
      test_mode: true,
    })
    const { sql } = world.ctx
    const row = async () => (await listProviderPaymentsOf(sql, world.account.id, data.id)).at(-1)
    await until('requisites are given', async () => (await row())?.state === 'issued')
    await sql`
      update provider_payments set expires_at = now() - interval '2 minutes', finalise_at = now() - interval '1 second', poll_at = now()
      where payment_id = ${data.id}`
    await until('its time is over', async () => (await row())?.state === 'expired')
    const known = await row()
    const desk = demoProviders.find(({ id }) => id === known?.provider_id)?.desk ?? ''
    return { id: data.id, path: `/api/payment-invoices/${data.id}/appeals`, desk, attempt_id: known?.attempt_id ?? '' }
  }
  return { call, failed, check }
}
