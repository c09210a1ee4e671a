import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demoAccounts } from '../../demo/accounts.ts'
import { demoKeys } from '../demo/demo-keys.ts'
import { createServer } from '../http/server.ts'
import { receiptRoutes } from './receipt-routes.ts'
import { appealRoutes } from './routes.ts'
import { appealWorld } from './sample-world.ts'

const world = appealWorld()

test('a merchant has files fetched so often and no more; those he sends himself are not counted', async () => {
  const state = await world.failed()
  const now = new Date()
  const ctx = world.ctx()
  const app = await createServer({ ...ctx, now: () => now, config: { ...ctx.config, rate_limits: true } }, [
    appealRoutes,
  ])
  const [account] = demoAccounts
  assert.ok(account)
  const login = Buffer.from(`${account.settings.id}:${demoKeys(ctx, account).api_key}`).toString('base64')
  const open = async (attributes: object): Promise<number> => {
    const answer = await app.inject({
      method: 'POST',
      url: `/api/payment-invoices/${state.payment.id}/appeals`,
      headers: { authorization: `Basic ${login}`, 'content-type': 'application/json' },
      payload: JSON.stringify({
        data: { type: 'payment-appeals', attributes: { reason: 'not_credited', ...attributes } },
      }),
    })
    return answer.statusCode
  }
  try {
    const statuses: number[] = []
    for (let index = 0; index < 21; index += 1)
      statuses.push(await open({ receipt_url: `http://127.0.0.1:9/${index}.png` }))
    assert.deepEqual(statuses, [...Array(20).fill(422), 429])
    const content = Buffer.from('%PDF-1.7\n%%EOF\n').toString('base64')
    assert.equal(await open({ receipt: { name: 'receipt.pdf', content } }), 201)
  } finally {
    await app.close()
  }
})

test('an address asks for files as often as for any public page, with and without a signature', async () => {
  const now = new Date()
  const ctx = world.ctx()
  const app = await createServer({ ...ctx, now: () => now, config: { ...ctx.config, rate_limits: true } }, [
    receiptRoutes,
  ])
  try {
    const statuses: number[] = []
    for (let index = 0; index < 301; index += 1)
      statuses.push((await app.inject(`/receipts/rcp_0000000000000001.pdf?exp=1&sig=x${index}`)).statusCode)
    assert.deepEqual(statuses, [...Array(300).fill(403), 429])
  } finally {
    await app.close()
  }
})
