/** The API dies while a gateway works on a capture, void or refund of the Card API: it is done once, and told once. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { until } from '../product/time.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage()
})
after(() => stage?.close())

const shop = () => shopClient({ ctx: stage.product.ctx, url: stage.api.url })
const follow = { capture: 'captures', void: 'cancels', refund: 'refunds' } as const
type Kind = keyof typeof follow

const operationOf = async (kind: Kind) => {
  const [row] = await stage.sql<{ id: string; status: string; payment_id: string }[]>`
    select id, status, payment_id from operations where kind = ${kind} order by id desc limit 1`
  return row
}
const childrenOf = (reference: string) =>
  stage.product.simulators.control
    .ledger()
    .flatMap(({ children }) => children.filter((one) => one.reference === reference))

for (const kind of ['capture', 'void', 'refund'] as const) {
  for (const answer of ['timeout_after', 'timeout_before'] as const) {
    test(`killed during a ${kind} (${answer}): it is done once and told once`, async () => {
      const type = kind === 'refund' ? 'payment' : 'authorization'
      const request = { notification_url: stage.product.shop.url, tracking_id: `${kind} ${answer}` }
      const paid = await shop().call('POST', `/transactions/${type}s`, {
        request: {
          ...request,
          amount: 1000,
          currency: 'USD',
          description: 'Order',
          duplicate_check: false,
          credit_card: {
            number: '4200000000000000',
            verification_value: '123',
            holder: 'John Doe',
            exp_month: '08',
            exp_year: '2030',
          },
        },
      })
      assert.equal(paid.body.transaction.status, 'successful', JSON.stringify(paid.body))
      const before = (await operationOf(kind))?.id
      stage.product.simulators.control.setScript('first', { [follow[kind]]: answer })
      const child = { parent_uid: paid.body.transaction.uid, amount: 600, reason: 'because', duplicate_check: false }
      const asked = shop()
        .call('POST', `/transactions/${kind}s`, { request: child })
        .catch((error: unknown) => error)
      await until('the operation is written', async () => (await operationOf(kind))?.id !== before)
      const { id = '' } = (await operationOf(kind)) ?? {}
      if (answer === 'timeout_after') await until('the gateway has done it', () => childrenOf(id).length === 1)
      await stage.kill(stage.api, 'finished')
      assert.ok((await asked) instanceof Error)
      stage.product.simulators.control.setScript('first', { [follow[kind]]: 'approve' })
      await stage.restart(stage.api)
      for (const seconds of [31, 31, 61]) await stage.pass(seconds)
      await until('the operation is done', async () => (await operationOf(kind))?.status === 'done')
      assert.deepEqual(
        childrenOf(id).map(({ amount, status }) => [amount, status]),
        [['600', 'approved']],
      )
      const list = await shop().call('GET', `/v2/transactions/tracking_id/${encodeURIComponent(request.tracking_id)}`)
      assert.equal(list.status, 200)
      assert.deepEqual(
        list.body.transactions.map((one: { type: string; status: string }) => [one.type, one.status]).sort(),
        [
          [kind, 'successful'],
          [type, 'successful'],
        ].sort(),
      )
      await stage.assertSound()
    })
  }
}
