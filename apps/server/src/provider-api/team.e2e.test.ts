/** People of a provider over HTTP: added, changed, sent away, and what is written down of all that. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createServer } from '../http/server.ts'
import { providerRoutes } from './routes.ts'
import { type Browser, type Document, openBrowser, type SampleTeam, sampleTeam, signIn } from './sample-people.ts'

let world: TestContext
let app: FastifyInstance
let url: string
let team: SampleTeam
let owner: Browser

before(async () => {
  world = await testContext()
  app = await createServer(world.ctx, [providerRoutes])
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  Object.assign(world.ctx.config, { public_url: url })
  team = await sampleTeam(world.ctx, 'pages')
  owner = await signIn(url, team.people.owner)
})
after(async () => {
  await app.close()
  await world.close()
})

async function get(path: string): Promise<Document> {
  const answer = await owner.get(path)
  assert.equal(answer.status, 200, `${path}: ${answer.text}`)
  return answer.body
}

async function refused(path: string, body: object | null, status: number): Promise<Document> {
  const answer = body === null ? await owner.get(path) : await owner.post(path, body)
  assert.equal(answer.status, status, `${path}: ${answer.text}`)
  return answer.body.error
}

describe('the team', () => {
  test('an owner lets people in with a first password, changes what they may and sends them away', async () => {
    const sent = { name: ' Vera ', email: 'Vera@Pages.example', role: 'viewer' }
    const { status, body } = await owner.post('/team', sent)
    assert.equal(status, 200)
    assert.deepEqual([body.person.name, body.person.email, body.person.role], ['Vera', 'vera@pages.example', 'viewer'])
    const vera = { email: body.person.email, password: body.initial_password }
    const browser = await signIn(url, vera)
    assert.equal((await refused('/team', sent, 409)).code, 'email_taken')
    assert.equal((await browser.post('/top-ups', { amount: '1', reference: 'r' })).status, 403)
    const change = (wish: object) => owner.call('PATCH', `/team/${body.person.id}`, wish)
    assert.equal((await change({ role: 'finance' })).body.person.role, 'finance')
    assert.equal((await browser.post('/top-ups', { amount: '1', reference: 'r' })).status, 200)
    assert.equal((await change({ active: false })).body.person.active, false)
    assert.equal((await browser.get('/me')).status, 401)
    assert.equal((await change({ active: true })).status, 200)
    assert.equal((await browser.get('/me')).status, 401)
    const again = await signIn(url, vera)
    const { body: reset } = await owner.post(`/team/${body.person.id}/password`)
    assert.equal((await again.get('/me')).status, 401)
    assert.equal((await openBrowser(url).post('/auth/sign-in/email', vera)).status, 401)
    await signIn(url, { ...vera, password: reset.initial_password })
    for (const wrong of [{ role: 'boss' }, { active: 'no' }])
      assert.equal((await change(wrong)).status, 422, JSON.stringify(wrong))
    for (const wrong of [{ ...sent, email: 'vera' }, { ...sent, name: ' ' }, { ...sent, role: 'boss' }, { name: 'x' }])
      assert.equal((await owner.post('/team', wrong)).status, 422, JSON.stringify(wrong))
  })

  test('somebody is always left who looks after it, whoever is faster', async () => {
    const { provider, people } = await sampleTeam(world.ctx, 'pages-owners')
    const first = await signIn(url, people.owner)
    const change = (browser: Browser, id: string, wish: object) => browser.call('PATCH', `/team/${id}`, wish)
    for (const wish of [{ role: 'viewer' }, { active: false }, { active: false, role: 'owner' }])
      assert.equal((await change(first, people.owner.id, wish)).body.error.code, 'last_owner')
    assert.equal((await change(first, people.finance.id, { role: 'owner' })).status, 200)
    const second = await signIn(url, people.finance)
    const races = await Promise.all([
      change(first, people.finance.id, { role: 'viewer' }),
      change(second, people.owner.id, { role: 'viewer' }),
    ])
    assert.ok(races.some(({ status }) => status === 200))
    const [left] = await world.ctx.sql<{ owners: number }[]>`
      select count(*)::integer as owners from provider_people where provider_id = ${provider.id} and active and role = 'owner'`
    assert.equal(left?.owners, 1)
  })

  test('everything that was changed stands in the audit, without passwords', async () => {
    const { body: top_up } = await owner.post('/top-ups', { amount: '1', reference: 'transfer 1' })
    await owner.post(`/top-ups/${top_up.id}/cancel`)
    await owner.post('/destinations', { label: 'Wallet', address: 'TXYZabcdefgh1234' })
    await refused('/top-ups', { amount: '0', reference: 'r' }, 422)
    const entries = (await get('/audit?limit=200')).entries as Document[]
    assert.deepEqual(
      entries.slice(0, 3).map(({ person, action, detail }) => [person, action, detail.id ?? detail.label]),
      [
        [team.people.owner.email, 'destination.save', entries[0].detail.id],
        [team.people.owner.email, 'top_up.cancel', top_up.id],
        [team.people.owner.email, 'top_up.create', top_up.id],
      ],
    )
    const actions = new Set(entries.map(({ action }) => action))
    for (const action of ['sign_in', 'team.add', 'team.change', 'team.reset_password']) assert.ok(actions.has(action))
    for (const { person, ip, at } of entries) {
      assert.match(person, /@|operator/)
      assert.equal(ip, '127.0.0.1')
      assert.ok(!Number.isNaN(Date.parse(at)))
    }
    assert.ok(!JSON.stringify(entries).includes(team.people.owner.password))
    assert.doesNotMatch(JSON.stringify(entries), /password":|TXYZabcdefgh1234/)
    const page = await get('/audit?limit=2')
    assert.deepEqual((await get(`/audit?limit=2&cursor=${page.cursor}`)).entries, entries.slice(2, 4))
    await refused('/audit?cursor=x', null, 422)
  })
})

describe('errors', () => {
  test('have one form: unknown paths, wrong methods, broken bodies', async () => {
    assert.equal((await refused('/nowhere', null, 404)).code, 'not_found')
    assert.equal((await owner.call('DELETE', '/me')).body.error.code, 'method_not_allowed')
    assert.equal((await owner.call('POST', '/top-ups', '{')).status, 400)
    assert.equal((await owner.call('POST', '/top-ups', '[]')).status, 400)
    assert.equal((await owner.post('/top-ups', { amount: '1', reference: 'a\u0000b' })).status, 400)
    assert.equal((await owner.call('POST', '/top-ups', `"${'x'.repeat(1_100_000)}"`)).status, 413)
  })
})
