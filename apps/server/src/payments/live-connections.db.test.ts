/** A search looks at the connections it may use, not at those of the whole installation. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { loadRouting } from '../routing/load-routing.ts'
import { openConnections } from './live-connections.ts'
import { type RequisitesWorld, requisitesWorld } from './sample-requisites.ts'

let world: RequisitesWorld
before(async () => {
  world = await requisitesWorld()
})
after(() => world.close())

test('connections that the merchant’s scheme does not name are not looked at', async () => {
  const { ctx, account } = world
  const { payment } = await world.search('3900')
  const routing = await loadRouting(ctx, account.id)
  const both = await openConnections(ctx, routing, payment)
  assert.deepEqual([...(both?.now.keys() ?? [])].sort(), [441, 442])
  const named = (...gateways: number[]) => ({
    ...routing,
    scheme: {
      ...routing.scheme,
      rules: [],
      on_no_rule: { type: 'priority' as const, routes: gateways.map((gateway_id) => ({ gateway_id })) },
    },
  })
  const one = await openConnections(ctx, named(442, 420), payment)
  assert.deepEqual([[...(one?.methods.keys() ?? [])], [...(one?.now.keys() ?? [])]], [[442], [442]])
  assert.equal(await openConnections(ctx, named(420), payment), null)
})
