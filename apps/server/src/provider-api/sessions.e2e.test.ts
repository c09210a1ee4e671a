import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createServer } from '../http/server.ts'
import { providerRoutes } from './routes.ts'
import { openBrowser, type SampleTeam, sampleTeam, signIn } from './sample-people.ts'

let t: TestContext
let app: FastifyInstance
let url: string
let team: SampleTeam
before(async () => {
  t = await testContext()
  app = await createServer(t.ctx, [providerRoutes])
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  Object.assign(t.ctx.config, { public_url: url })
  team = await sampleTeam(t.ctx, 'volga')
})
after(async () => {
  await app.close()
  await t.close()
})

const codeOf = (answer: { body: { error: { code: string } } }): string => answer.body.error.code

describe('signing in', () => {
  test('with e-mail and password, in any case of letters', async () => {
    const { email, password } = team.people.trading
    const browser = await signIn(url, { email: email.toUpperCase(), password })
    const { status, body } = await browser.get('/me')
    assert.equal(status, 200)
    assert.deepEqual(body, {
      person: { id: team.people.trading.id, name: 'volga trading', email, role: 'trading' },
      provider: {
        id: team.provider.id,
        name: 'volga',
        settlement_currency: 'USDT',
        settlement_scale: 6,
        active: true,
        draining: false,
      },
      top_up_instructions: '',
    })
  })

  test('the cookie is out of reach for scripts and other sites, and the answer holds no token', async () => {
    const { email, password } = team.people.viewer
    const answer = await openBrowser(url).post('/auth/sign-in/email', { email, password })
    assert.deepEqual(answer.body, { done: true })
    const [cookie = ''] = answer.headers.getSetCookie()
    assert.match(cookie, /^cascad\.session_token=[^;]+\.[^;]+; /)
    assert.match(cookie, /; Max-Age=43200\b/i)
    assert.match(cookie, /; HttpOnly\b/i)
    assert.match(cookie, /; SameSite=Lax\b/i)
    assert.match(cookie, /; Path=\/provider-api(;|$)/i)
    assert.doesNotMatch(cookie, /Secure/i)
  })

  test('an unknown e-mail and a wrong password are told alike', async () => {
    const browser = openBrowser(url)
    const wrong = await browser.post('/auth/sign-in/email', {
      email: team.people.owner.email,
      password: 'x'.repeat(20),
    })
    const unknown = await browser.post('/auth/sign-in/email', {
      email: 'nobody@volga.example',
      password: 'x'.repeat(20),
    })
    const strange = await browser.post('/auth/sign-in/email', { email: 'no e-mail', password: 'x'.repeat(20) })
    assert.equal(wrong.status, 401)
    assert.equal(codeOf(wrong), 'wrong_credentials')
    assert.deepEqual([unknown.status, unknown.body], [401, wrong.body])
    assert.deepEqual([strange.status, strange.body], [401, wrong.body])
    assert.equal(browser.cookies.size, 0)
  })

  test('what is no e-mail and no password is named by field', async () => {
    const { status, body } = await openBrowser(url).post('/auth/sign-in/email', { email: 7 })
    assert.equal(status, 422)
    assert.deepEqual(Object.keys(body.error.fields).sort(), ['email', 'password'])
  })

  test('nobody signs up by himself, and nothing else of the library is there', async () => {
    const browser = openBrowser(url)
    const given = { email: 'new@volga.example', password: 'a long password', name: 'New' }
    for (const path of [
      'sign-up/email',
      'change-email',
      'update-user',
      'reset-password',
      'delete-user',
      'sign-in/social',
    ])
      assert.equal((await browser.post(`/auth/${path}`, given)).status, 404, path)
    for (const path of ['list-sessions', 'ok', 'error', 'reference'])
      assert.equal((await browser.get(`/auth/${path}`)).status, 404, path)
    const [row] = await t.ctx.sql`select count(*)::integer as people from auth_user where email = ${given.email}`
    assert.equal(row?.people, 0)
  })
})

describe('the origin of a change', () => {
  const credentials = () => ({ email: team.people.owner.email, password: team.people.owner.password })

  test('another site cannot sign anybody in or out', async () => {
    const browser = await signIn(url, credentials())
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', `${url}.evil.example`]) {
      for (const [path, body] of [
        ['/auth/sign-in/email', credentials()],
        ['/auth/sign-out', {}],
        ['/me/password', { current_password: 'x', new_password: 'y'.repeat(20) }],
      ] as const) {
        const answer = await browser.call('POST', path, body, { origin })
        assert.equal(answer.status, 403, `${origin} ${path}`)
        assert.equal(codeOf(answer as never), 'wrong_origin')
      }
    }
    assert.equal((await browser.get('/me')).status, 200)
  })

  test('a request that names no origin changes nothing', async () => {
    const reply = await fetch(`${url}/provider-api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(credentials()),
    })
    assert.equal(reply.status, 403)
    assert.deepEqual(reply.headers.getSetCookie(), [])
  })

  test('a form of another site is no JSON', async () => {
    const browser = await signIn(url, credentials())
    const answer = await browser.call('POST', '/me/password', 'current_password=x', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    assert.equal(answer.status, 415)
  })

  test('the host that was asked is ours under any name', async () => {
    const other = url.replace('127.0.0.1', 'localhost')
    const browser = openBrowser(other)
    assert.equal((await browser.post('/auth/sign-in/email', credentials())).status, 200)
    assert.equal((await browser.get('/me')).status, 200)
  })
})

describe('without a session', () => {
  const signedOut = async (browser = openBrowser(url)): Promise<void> => {
    const answer = await browser.get('/me')
    assert.equal(answer.status, 401)
    assert.equal(codeOf(answer), 'signed_out')
  }

  test('nothing is told', () => signedOut())

  test('a cookie of another making is none', async () => {
    const browser = await signIn(url, team.people.finance)
    const [name, value = ''] = [...browser.cookies][0]!
    const token = decodeURIComponent(value).split('.')[0]!
    for (const forged of [
      token,
      `${token}.AAAA`,
      encodeURIComponent(`${token}.${'A'.repeat(43)}=`),
      '',
      '%',
      'x'.repeat(5000),
    ]) {
      browser.cookies.set(name!, forged)
      await signedOut(browser)
    }
  })

  test('a session that was signed out of is over, also for a copy of its cookie', async () => {
    const browser = await signIn(url, team.people.finance)
    const copy = openBrowser(url)
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
    assert.equal((await copy.get('/me')).status, 200)
    assert.equal((await browser.post('/auth/sign-out')).status, 200)
    assert.ok(!browser.cookies.has('cascad.session_token'))
    await signedOut(copy)
    assert.equal((await browser.post('/auth/sign-out')).status, 200)
  })

  test('a session that has run out is over', async () => {
    const browser = await signIn(url, team.people.finance)
    const user_id = team.people.finance.id
    await t.ctx.sql`update auth_session set expires_at = now() - interval '1 second' where user_id = ${user_id}`
    await signedOut(browser)
    assert.deepEqual((await browser.get('/auth/get-session')).body, { signed_in: false, expires_at: null })
  })

  test('a person who was taken off the team is out at once and stays out', async () => {
    const gone = await sampleTeam(t.ctx, 'gone')
    const browser = await signIn(url, gone.people.viewer)
    await t.ctx.sql`update provider_people set active = false where user_id = ${gone.people.viewer.id}`
    await signedOut(browser)
    assert.deepEqual((await browser.get('/auth/get-session')).body, { signed_in: false, expires_at: null })
    const again = await openBrowser(url).post('/auth/sign-in/email', {
      email: gone.people.viewer.email,
      password: gone.people.viewer.password,
    })
    assert.equal(again.status, 401)
    assert.equal(codeOf(again), 'wrong_credentials')
  })
})

test('a session in use is prolonged to twelve hours again', async () => {
  const browser = await signIn(url, team.people.trading)
  const user_id = team.people.trading.id
  await t.ctx.sql`update auth_session set expires_at = expires_at - interval '6 hours' where user_id = ${user_id}`
  const answer = await browser.get('/me')
  assert.equal(answer.status, 200)
  assert.match(answer.headers.getSetCookie().join(), /^cascad\.session_token=[^;]+; .*Max-Age=43200/i)
  const [row] = await t.ctx.sql<{ late: boolean }[]>`
    select max(expires_at) > now() + interval '11 hours' as late from auth_session where user_id = ${user_id}`
  assert.equal(row?.late, true)
  assert.equal((await browser.get('/auth/get-session')).body.signed_in, true)
})

test('my password: changed with the current one, and other sessions end with the old', async () => {
  const { people } = await sampleTeam(t.ctx, 'passwords')
  const here = await signIn(url, people.viewer)
  const there = await signIn(url, people.viewer)
  const change = (current_password: string, new_password: string) =>
    here.post('/me/password', { current_password, new_password })
  assert.equal(
    (await change('not this one', 'a new long password')).body.error.fields.current_password,
    'is another one',
  )
  assert.equal((await change(people.viewer.password, 'short')).status, 422)
  assert.equal((await change(people.viewer.password, 'a new long password')).status, 200)
  assert.equal((await here.get('/me')).status, 200)
  assert.equal((await there.get('/me')).status, 401)
  await assert.rejects(signIn(url, people.viewer))
  await signIn(url, { ...people.viewer, password: 'a new long password' })
})

test('with https the cookie is for https only', async () => {
  const secure = await testContext({ config: { public_url: 'https://pay.example.com' } })
  const server = await createServer(secure.ctx, [providerRoutes])
  try {
    const { people } = await sampleTeam(secure.ctx, 'https')
    const { email, password } = people.owner
    const send = (origin: string) =>
      server.inject({
        method: 'POST',
        url: '/provider-api/auth/sign-in/email',
        headers: { origin, host: 'pay.example.com', 'content-type': 'application/json' },
        payload: JSON.stringify({ email, password }),
      })
    assert.equal((await send('http://pay.example.com')).statusCode, 403)
    const answer = await send('https://pay.example.com')
    assert.equal(answer.statusCode, 200)
    assert.match(String(answer.headers['set-cookie']), /^__Secure-cascad\.session_token=.*; Secure/i)
  } finally {
    await server.close()
    await secure.close()
  }
})

test('what stands in the environment for the library changes nothing: not the secret, not who is trusted', async () => {
  const browser = await signIn(url, team.people.owner)
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  Object.assign(process.env, {
    BETTER_AUTH_SECRET: 'x'.repeat(40),
    BETTER_AUTH_SECRETS: `1:${'y'.repeat(40)}`,
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://evil.example',
    BETTER_AUTH_URL: 'https://evil.example',
  })
  const other = await createServer(t.ctx, [providerRoutes])
  try {
    assert.equal((await other.inject({ url: '/provider-api/me', headers: { cookie } })).statusCode, 200)
    const payload = JSON.stringify(credentialsOf(team.people.owner))
    const headers = { origin: 'https://evil.example', 'content-type': 'application/json' }
    const sign_in = await other.inject({ method: 'POST', url: '/provider-api/auth/sign-in/email', headers, payload })
    assert.equal(sign_in.statusCode, 403)
  } finally {
    for (const name of ['SECRET', 'SECRETS', 'TRUSTED_ORIGINS', 'URL']) delete process.env[`BETTER_AUTH_${name}`]
    await other.close()
  }
})

const credentialsOf = ({ email, password }: { email: string; password: string }) => ({ email, password })
