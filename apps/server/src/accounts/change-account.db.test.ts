import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { until } from '../../../../tests/product/time.ts'
import { defaultOptions } from './account.ts'
import { changeAccount } from './change-account.ts'
import { createAccount } from './create-account.ts'
import { getAccount } from './find-account.ts'

let t: TestContext
before(async () => {
  t = await testContext()
})
after(() => t.close())

const made = async () => (await createAccount(t.ctx, { name: 'Harbour Books', base_currency: 'EUR' })).account

const waiting = () =>
  t.ctx.sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

test('what is named is changed, the rest and the key stay', async () => {
  const before = await made()
  const changes = { website: 'https://books.example', api_ip_allowlist: ['10.0.0.0/8'], options: { retry_limit: 3 } }
  const return_urls = { success: 'https://books.example/thanks', common: 'https://books.example/' }
  assert.equal(await changeAccount(t.ctx, before.id, { ...changes, return_urls }), true)
  const { updated_at, ...first } = await getAccount(t.ctx, before.id)
  const options = { ...defaultOptions, retry_limit: 3 }
  const { updated_at: _, ...same } = before
  assert.deepEqual(first, { ...same, ...changes, return_urls, options })
  assert.ok(updated_at >= before.updated_at)

  await changeAccount(t.ctx, before.id, { website: null, api_ip_allowlist: [], return_urls: { success: null } })
  const { website, api_ip_allowlist, return_urls: left, options: kept } = await getAccount(t.ctx, before.id)
  assert.deepEqual([website, api_ip_allowlist, left], [null, [], { common: 'https://books.example/' }])
  assert.deepEqual(kept, options)
})

test('an account that is not there is not changed', async () =>
  assert.equal(await changeAccount(t.ctx, 'coma_NobodyAtAll00001', { name: 'Somebody' }), false))

test('of two changes at the same time both hold, of options and of return addresses too', async () => {
  const { id } = await made()
  let done: Promise<unknown> = Promise.resolve()
  await t.ctx.sql.begin(async (tx) => {
    await tx`select 1 from accounts where id = ${id} for update`
    done = Promise.all([
      changeAccount(t.ctx, id, {
        name: 'By the first',
        return_urls: { success: 'https://one.example' },
        options: { retry_limit: 1 },
      }),
      changeAccount(t.ctx, id, {
        website: 'https://second.example',
        return_urls: { fail: 'https://two.example' },
        options: { attempts_limit: 2 },
      }),
    ])
    await until('both wait', async () => (await waiting()).length === 2)
  })
  await done
  const { name, website, return_urls, options } = await getAccount(t.ctx, id)
  assert.deepEqual([name, website], ['By the first', 'https://second.example'])
  assert.deepEqual(return_urls, { success: 'https://one.example', fail: 'https://two.example' })
  assert.deepEqual([options.retry_limit, options.attempts_limit], [1, 2])
})
