/** When a session ends although it is in use. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { until } from '../../../../tests/product/time.ts'
import { createServer } from '../http/server.ts'
import { holdPasswordHash, updatePassword } from './people-table.ts'
import { providerRoutes } from './routes.ts'
import { openBrowser, sampleTeam, signIn } from './sample-people.ts'

let t: TestContext
let app: FastifyInstance
let url: string
before(async () => {
  t = await testContext()
  app = await createServer(t.ctx, [providerRoutes])
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  Object.assign(t.ctx.config, { public_url: url })
})
after(async () => {
  await app.close()
  await t.close()
})

test('a session ends a week after it began, however much it is used', async () => {
  const { people } = await sampleTeam(t.ctx, 'week')
  const browser = await signIn(url, people.trading)
  const user_id = people.trading.id
  const begun = async (days: number) => {
    await t.ctx.sql`
      update auth_session set created_at = now() - make_interval(days => ${days}, secs => ${days === 7 ? 1 : 0}),
        expires_at = now() + interval '12 hours' where user_id = ${user_id}`
  }
  await begun(6)
  assert.equal((await browser.get('/me')).status, 200)
  await t.ctx
    .sql`update auth_session set created_at = now() - interval '7 days' + interval '1 hour' where user_id = ${user_id}`
  const { body } = await browser.get('/auth/get-session')
  assert.equal(body.signed_in, true)
  const left_ms = new Date(body.expires_at).getTime() - Date.now()
  assert.ok(left_ms <= 3_600_000, 'what is told is the end that comes first')
  await begun(7)
  assert.deepEqual((await browser.get('/auth/get-session')).body, { signed_in: false, expires_at: null })
  assert.equal((await browser.get('/me')).status, 401)
  assert.deepEqual([...(await t.ctx.sql`select 1 from auth_session where user_id = ${user_id}`)], [])
})

test('whoever signs in with a password while it is changed is not signed in', async () => {
  const { people } = await sampleTeam(t.ctx, 'overtaken')
  const { id, email, password } = people.viewer
  const browser = openBrowser(url)
  // The change holds the row of the password; the session begins meanwhile, and the change ends it or it ends itself.
  const signed = await t.ctx.sql.begin(async (tx) => {
    await holdPasswordHash(tx, id)
    const answer = browser.post('/auth/sign-in/email', { email, password })
    await until('the session has begun', async () => {
      const [row] = await t.ctx.sql`select 1 from auth_session where user_id = ${id}`
      return row !== undefined
    })
    await updatePassword(tx, { id, password_hash: 'another', now: new Date() })
    return { answer }
  })
  assert.equal((await signed.answer).status, 401)
  assert.equal((await browser.get('/me')).status, 401)
  assert.deepEqual([...(await t.ctx.sql`select 1 from auth_session where user_id = ${id}`)], [])
})
