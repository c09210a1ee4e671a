/** A connection whose key was refused: noted once, and in order again after a passed test only. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { markMisconfigured } from './mark-misconfigured.ts'
import { readConnection } from './read-connection.ts'
import { check, connectionOf, live, openConnections, save } from './sample-connections.ts'

const { world } = openConnections()

const stateOf = async (gateway_id: number) => {
  const { misconfigured_at, misconfigured_reason } = (await connectionOf(world().ctx, gateway_id)).row
  return [misconfigured_at !== null, misconfigured_reason]
}

describe('misconfigured', () => {
  const now = () => world().ctx.now()

  test('is noted once, whoever finds out', async () => {
    const { ctx } = world()
    const found = await Promise.all(Array.from({ length: 8 }, () => markMisconfigured(ctx.sql, live, '401', now())))
    assert.deepEqual(found.filter(Boolean), [true])
    assert.deepEqual(await stateOf(live), [true, '401'])
  })

  test('until a test of the endpoint in use passes', async () => {
    await markMisconfigured(world().ctx.sql, live, '401', now())
    world().desks.script('volga', { steps: ['unauthorized'] })
    assert.equal((await check(world().ctx, live)).passed, false)
    assert.deepEqual(await stateOf(live), [true, '401'])
    const passed = await check(world().ctx, live)
    assert.deepEqual([passed.which, passed.passed, passed.activated], ['current', true, false])
    assert.deepEqual(await stateOf(live), [false, null])
  })

  test('until another endpoint passes its test', async () => {
    await markMisconfigured(world().ctx.sql, live, '401', now())
    await save(world().ctx, live, world().neva)
    assert.deepEqual(await stateOf(live), [true, '401'], 'saving alone proves nothing')
    assert.ok((await check(world().ctx, live)).activated)
    assert.deepEqual(await stateOf(live), [false, null])
  })

  test('what is found wrong during a test stays wrong', async () => {
    world().desks.script('volga', { steps: ['slow:200'] })
    const running = check(world().ctx, live, { which: 'current' })
    while (world().desks.calls('volga').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await markMisconfigured(world().ctx.sql, live, 'found meanwhile', now())
    assert.ok((await running).passed)
    assert.deepEqual(await stateOf(live), [true, 'found meanwhile'])
  })

  test('not by an answer to a call that was made with the old key', async () => {
    await save(world().ctx, live, world().neva)
    assert.ok((await check(world().ctx, live)).activated)
    assert.equal(await markMisconfigured(world().ctx.sql, live, 'late 401', now()), false)
    const later = new Date(now().getTime() + 76_000)
    assert.equal(await markMisconfigured(world().ctx.sql, live, 'new 401', later), true)
  })

  test('a gateway that was set aside as a whole is active again as well', async () => {
    const { ctx } = world()
    await ctx.sql`update gateways set status = 'misconfigured' where gateway_id = ${live}`
    assert.ok((await check(ctx, live)).passed)
    assert.equal((await readConnection(ctx, null, live))?.status, 'active')
  })
})
