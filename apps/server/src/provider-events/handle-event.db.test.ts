import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testContext } from '../../../../tests/context.ts'
import { newId } from '../ids.ts'
import { handleEvent } from './handle-event.ts'
import { insertEvent } from './table.ts'

test('an event that nobody survives reading is given up', async () => {
  const { ctx, close } = await testContext()
  try {
    const now = ctx.now()
    const event = {
      id: newId('provider_event', now),
      gateway_id: 408,
      headers: {},
      body: '{}',
      tries: 0,
      received_at: now,
    }
    await insertEvent(ctx.sql, event, now)
    await handleEvent(ctx, { ...event, tries: 11 })
    const [row] = await ctx.sql`select status, due_at from provider_events where id = ${event.id}`
    assert.deepEqual({ ...row }, { status: 'failed', due_at: null })
  } finally {
    await close()
  }
})
