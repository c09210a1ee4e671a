/** 500 payments at once at two processes, on a balance for 200: the provider is asked for exactly 200. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Process } from '../product/product.ts'
import { until } from '../product/time.ts'
import { openRequisitesStage, type RequisitesStage, settled_minor } from './requisites-stage.ts'

let stage: RequisitesStage
let other: Process
before(async () => {
  stage = await openRequisitesStage()
  other = await stage.product.startProcess('api')
})
after(() => stage?.close())

test('500 payments at once on a balance for 200: exactly 200 are given requisites there, the others by the next provider', async () => {
  const before = await stage.figures('volga')
  assert.equal(before.available_minor, 200n * settled_minor)
  const urls = [stage.api.url, other.url]
  const ids = await Promise.all(Array.from({ length: 500 }, (_, i) => stage.transfer(undefined, urls[i % 2])))
  await until(
    'every search is over',
    async () => {
      const [row] = await stage.sql<{ open: number }[]>`
        select count(*)::int as open from payments p
        where p.id = any(${ids}) and not exists (select 1 from attempts a where a.payment_id = p.id and a.status = 'incomplete')`
      return row?.open === 0
    },
    60_000,
  )
  const states = await stage.sql<{ gateway_id: number; state: string; count: number }[]>`
    select gateway_id, state, count(*)::int as count from provider_payments group by 1, 2 order by 1, 2`
  assert.deepEqual(
    [...states],
    [
      { gateway_id: 441, state: 'issued', count: 200 },
      { gateway_id: 442, state: 'issued', count: 300 },
    ],
  )
  const { available_minor, held_minor } = await stage.figures('volga')
  assert.deepEqual([available_minor, held_minor], [0n, 200n * settled_minor])
  assert.equal(stage.product.simulators.desks.payments('volga').length, 200)
  // All of them are asked about every ten seconds: without a pause nobody is ever idle on a slow machine.
  await stage.sql`update provider_payments set poll_at = now() + interval '1 hour'`
  await stage.assertSound()
})
