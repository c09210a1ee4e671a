/** Who gets to what: every route of the dashboard's API is walked, none can be added without being tried here. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { type CheckReply, createCheckReply } from '../../../../tests/check-reply.ts'
import { demoProviders } from '../../demo/providers.ts'
import { openAppeal } from '../appeals/open-appeal.ts'
import { sampleReceipt } from '../appeals/sample-files.ts'
import { findProvider } from '../cascades/find-provider.ts'
import { orderTopUp } from '../cascades/order-top-up.ts'
import type { Provider } from '../cascades/provider.ts'
import { flushCalls } from '../cascades/record-call.ts'
import { requestWithdrawal } from '../cascades/request-withdrawal.ts'
import { saveDestination } from '../cascades/save-destination.ts'
import { topUpDemo } from '../cascades/top-up-demo.ts'
import { createServer } from '../http/server.ts'
import { type RequisitesWorld, requisitesWorld } from '../payments/sample-requisites.ts'
import { addPerson } from './add-person.ts'
import { roles } from './person.ts'
import { providerRoutes } from './routes.ts'
import { type Answer, type Browser, openBrowser, sampleTeam, signIn } from './sample-people.ts'

type Route = { readonly method: string; readonly url: string }

let world: RequisitesWorld
let app: FastifyInstance
let url: string
let check: CheckReply
const routes: Route[] = []
let volga: Provider
/** Parts of paths that are Volga's, by the place they stand in. */
let own: Readonly<Record<string, string>>
let owner: Browser
let owner_password: string
let stranger: Browser

const file = { name: 'evidence.pdf', content_base64: Buffer.from('%PDF-1.7\n%%EOF\n').toString('base64') }

/** A body for each change that would be carried out if the caller were allowed to. */
const bodies: Readonly<Record<string, object>> = {
  'POST /me/password': { current_password: 'not this one', new_password: 'a new long password' },
  'POST /top-ups': { amount: '10', reference: 'transfer 1' },
  'POST /top-ups/:id/cancel': {},
  'POST /withdrawals': { amount: '1', destination_id: 'dst_0000000000000000' },
  'POST /withdrawals/:id/cancel': {},
  'POST /destinations': { label: 'Wallet', address: 'TXYZ1234567890' },
  'POST /team': { name: 'New', email: 'new@access.example', role: 'viewer' },
  'PATCH /team/:id': { role: 'owner' },
  'POST /team/:id/password': {},
  'PUT /connections/:gateway_id': { finalise_grace_s: 60 },
  'POST /connections/:gateway_id/credentials': { generate_key: true },
  'POST /connections/:gateway_id/test': {},
  'POST /connections/:gateway_id/console': { event: 'GET_PAYMENT', data: { id: 'x' } },
  'POST /connections/:gateway_id/conformance': {},
  'PUT /alerts': { low_balance_alert: '5' },
  'POST /appeals/:id/accept': {},
  'POST /appeals/:id/reject': { reason: 'wrong_requisites', text: 'no', evidence: file },
  'POST /appeals/:id/messages': { text: 'hello' },
}

before(async () => {
  world = await requisitesWorld()
  const { ctx } = world
  app = await createServer(ctx, [
    (server) =>
      server.addHook('onRoute', ({ method, url: path }) => {
        for (const one of [method].flat())
          if (one !== 'HEAD' && path.startsWith('/provider-api'))
            routes.push({ method: one, url: path.slice('/provider-api'.length) })
      }),
    providerRoutes,
  ])
  check = createCheckReply((await app.inject('/openapi.json')).json())
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  Object.assign(ctx.config, { public_url: url })
  const [given] = demoProviders
  volga = (await findProvider(ctx.sql, given!.id)) ?? assert.fail()
  const given_owner = { name: 'Owner', email: 'owner@access-volga.example', role: 'owner' } as const
  const added = await addPerson(ctx, volga.id, given_owner, 'test')
  owner_password = added?.initial_password ?? ''
  owner = await signIn(url, { email: given_owner.email, password: owner_password })
  stranger = await signIn(url, (await sampleTeam(ctx, 'access-stranger')).people.owner)
  own = await fill()
})
after(async () => {
  await app.close()
  await world.close()
})

/** One of everything that Volga can have, in test mode. */
async function fill(): Promise<Record<string, string>> {
  const { ctx } = world
  const state = await world.search('3900')
  const attempt = state.attempts.at(-1)
  assert.equal(attempt?.gateway_id, demoProviders[0]?.test_gateway_id)
  await topUpDemo(ctx, volga, true, 100_000_000n)
  const order = { test_mode: true, amount_minor: 5_000_000n, reference: 'r', ordered_by: 'test' }
  const top_up = await orderTopUp(ctx, volga, order)
  const destination = await saveDestination(ctx, volga.id, { label: 'Wallet', address: 'TXYZ1234567890' }, 'test')
  await ctx.sql`update provider_destinations set created_at = created_at - interval '2 days'`
  const asked = { test_mode: true, amount_minor: 1_000_000n, destination_id: destination.id, requested_by: 'test' }
  const withdrawn = await requestWithdrawal(ctx, volga, asked)
  assert.ok(withdrawn.result === 'requested')
  const opened = await openAppeal(
    ctx,
    state.payment,
    { side: 'operator', name: 'test', ip: null },
    { reason: 'wrong_amount', amount_minor: 400_000n, comment: 'sent more', receipt: sampleReceipt },
  )
  if (!opened.opened) assert.fail(opened.refused)
  const { body: team } = await owner.get('/team')
  return {
    '/payments/:attempt_id': attempt!.id,
    '/top-ups/:id': top_up.id,
    '/withdrawals/:id': withdrawn.withdrawal.id,
    '/team/:id': team.people[0].id,
    '/connections/:gateway_id': String(attempt!.gateway_id),
    '/appeals/:id': opened.appeal.id,
    '/appeals/:id/files/:receipt_id': opened.appeal.receipt_id,
    destination: destination.id,
  }
}

/** The path with Volga's ids in it; fails for a path that names something this file knows nothing of. */
function pathOf(url_: string): string {
  let path = url_
  for (const place of Object.keys(own).sort((a, b) => b.length - a.length)) {
    if (!place.includes(':') || !url_.startsWith(place)) continue
    const name = place.split('/').at(-1)!
    path = path.replace(name, own[place]!)
  }
  assert.ok(!path.includes(':'), `${url_}: say in fill() what of Volga's stands there`)
  return path
}

const isSession = ({ url: path }: Route): boolean => path.startsWith('/auth/')
const changes = ({ method }: Route): boolean => method !== 'GET'

function bodyOf({ method, url: path }: Route): object {
  return bodies[`${method} ${path}`] ?? assert.fail(`${method} ${path}: give a body for it in bodies`)
}

function call(browser: Browser, route: Route, query = ''): Promise<Answer> {
  const body = changes(route) ? bodyOf(route) : undefined
  return browser.call(route.method, pathOf(route.url) + query, body)
}

/** The answer is as the OpenAPI document says. */
function described(route: Route, { status, headers, text }: Answer): void {
  const content_type = headers.get('content-type')
  check(route.method, `/provider-api${pathOf(route.url)}`, { status, content_type, body: text })
}

/** What stands in each table that a provider has anything in: equal digests, equal rows. */
async function everyRow(): Promise<Record<string, string>> {
  await flushCalls(world.ctx)
  const tables = await world.ctx.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name`
  // Calls are written down whatever comes of them.
  const own_tables = tables.filter(({ name }) => /^(provider|appeal)|^(gateways|auth_user|auth_account)$/.test(name))
  assert.ok(own_tables.length > 10)
  const digests = own_tables.map(async ({ name }) => {
    const [row] = await world.ctx.sql<{ digest: string }[]>`
      select count(*) || ' ' || coalesce(md5(string_agg(to_json(t)::text, ' ' order by to_json(t)::text)), '') as digest
      from ${world.ctx.sql(name)} as t`
    return [name, row?.digest ?? ''] as const
  })
  return Object.fromEntries(await Promise.all(digests))
}

test('routes of all pages are there', () => {
  assert.ok(routes.length > 35, `${routes.length}`)
  for (const route of routes) if (!isSession(route)) pathOf(route.url)
})

describe('every route', () => {
  test('refuses whoever is signed out, with 401', async () => {
    const before_ = await everyRow()
    for (const route of routes.filter((one) => !isSession(one))) {
      const answer = await call(openBrowser(url), route)
      assert.equal(answer.status, 401, `${route.method} ${route.url}`)
      assert.equal(answer.body.error.code, 'signed_out')
      described(route, answer)
    }
    assert.deepEqual(await everyRow(), before_)
  })

  test('that changes something refuses other sites, with 403', async () => {
    const before_ = await everyRow()
    for (const route of routes.filter((one) => changes(one))) {
      for (const origin of ['https://evil.example', 'null']) {
        const body = isSession(route) ? {} : bodyOf(route)
        const path = isSession(route) ? route.url : pathOf(route.url)
        const answer = await owner.call(route.method, path, body, { origin })
        assert.equal(answer.status, 403, `${route.method} ${route.url}`)
        assert.equal(answer.body.error.code, 'wrong_origin')
      }
    }
    assert.deepEqual(await everyRow(), before_)
  })

  test("finds nothing of another provider's, with 404, and changes nothing", async () => {
    const before_ = await everyRow()
    for (const route of routes.filter((one) => one.url.includes(':'))) {
      for (const query of ['', '?mode=test']) {
        const answer = await call(stranger, route, query)
        assert.equal(answer.status, 404, `${route.method} ${route.url}: ${answer.text}`)
        assert.equal(answer.body.error.code, 'not_found')
        described(route, answer)
      }
    }
    assert.deepEqual(await everyRow(), before_)
  })

  test("lists nothing of another provider's", async () => {
    for (const route of routes.filter((one) => !changes(one) && !one.url.includes(':') && !isSession(one))) {
      for (const query of ['', '?mode=test']) {
        const answer = await call(stranger, route, query)
        assert.equal(answer.status, 200, `${route.url}: ${answer.text}`)
        described(route, answer)
        for (const [place, id] of Object.entries(own))
          assert.ok(!new RegExp(`\\b${id}\\b`).test(answer.text), `${route.url} tells ${place} ${id}`)
      }
    }
  })

  test('that reads tells its own provider what is there, as the document says', async () => {
    let told = ''
    for (const route of routes.filter((one) => !changes(one) && !isSession(one))) {
      const answer = await call(owner, route, '?mode=test')
      assert.equal(answer.status, 200, `${route.url}: ${answer.text}`)
      described(route, answer)
      told += answer.text
    }
    for (const [place, id] of Object.entries(own)) assert.ok(told.includes(id), `${place} ${id} is nowhere`)
  })

  test('is closed to roles that may not, and nothing a viewer may do changes anything of the provider', async () => {
    const { people } = await sampleTeam(world.ctx, 'access-roles')
    const before_ = await everyRow()
    const viewer = await signIn(url, people.viewer)
    for (const route of routes.filter((one) => changes(one) && !isSession(one))) {
      const answer = await call(viewer, route)
      const wanted = route.url === '/me/password' ? 422 : 403
      assert.equal(answer.status, wanted, `${route.method} ${route.url}: ${answer.text}`)
    }
    // Signing in writes a line of the audit.
    assert.deepEqual({ ...(await everyRow()), provider_audit: '' }, { ...before_, provider_audit: '' })
  })

  const allowed: Readonly<Record<string, readonly string[]>> = {
    'GET /team': ['owner'],
    'GET /audit': ['owner'],
    'POST /team': ['owner'],
    'POST /top-ups': ['owner', 'finance'],
    'POST /withdrawals': ['owner', 'finance'],
    'POST /destinations': ['owner', 'finance'],
    'GET /payments': roles,
    'GET /statement.csv': roles,
    'GET /statement.xlsx': roles,
    'PUT /alerts': ['owner'],
    'PATCH /team/:id': ['owner'],
    'PUT /connections/:gateway_id': ['owner'],
    'POST /connections/:gateway_id/credentials': ['owner'],
    'POST /connections/:gateway_id/test': ['owner', 'trading'],
    'POST /connections/:gateway_id/console': ['owner', 'trading'],
    'POST /appeals/:id/accept': ['owner', 'trading'],
    'POST /appeals/:id/messages': ['owner', 'trading'],
  }
  test('lets in exactly the roles it is for', async () => {
    const { people } = await sampleTeam(world.ctx, 'access-matrix')
    for (const role of roles) {
      const browser = await signIn(url, people[role])
      for (const [name, for_roles] of Object.entries(allowed)) {
        const [method = '', path = ''] = name.split(' ')
        const answer = await call(browser, { method, url: path })
        assert.equal(answer.status !== 403, for_roles.includes(role), `${role} ${name}: ${answer.text}`)
      }
    }
  })
})

test('nothing of a body is read of somebody who is signed out', async () => {
  const headers = { origin: url, 'content-type': 'application/json' }
  const payload = Buffer.alloc(16 * 1_048_576)
  for (const path of ['/appeals/apl_0000000000000000/reject', '/appeals/apl_0000000000000000/messages', '/top-ups']) {
    const answer = await app.inject({ method: 'POST', url: `/provider-api${path}`, headers, payload })
    assert.equal(answer.statusCode, 401, path)
  }
})

test('no change is there without its line of the audit: when that cannot be written, nothing is', async () => {
  const { sql } = world.ctx
  await sql.unsafe(`
    create function refuse_audit() returns trigger language plpgsql as $$ begin raise exception 'no line today'; end $$;
    create trigger refuse_audit before insert on provider_audit for each row execute function refuse_audit()`)
  const real: Readonly<Record<string, object>> = {
    'POST /me/password': { current_password: owner_password, new_password: 'a new long password' },
    'POST /withdrawals': { amount: '1', destination_id: own.destination },
    'PUT /connections/:gateway_id': { finalise_grace_s: 61, event_form: 'bare' },
    'PATCH /team/:id': { active: true, role: 'owner' },
    'POST /team': { name: 'Unheard of', email: 'unheard@access.example', role: 'viewer' },
  }
  // The provider has been told, and may decide.
  await sql`
    update appeals set state = 'submitted', submitted_at = now(), deadline_at = now() + interval '1 day', send = null, send_at = null
    where id = ${own['/appeals/:id'] ?? ''}`
  const tried = routes.filter((one) => changes(one) && !isSession(one))
  assert.ok(tried.length > 15)
  try {
    for (const route of tried) {
      const name = `${route.method} ${route.url}`
      const { provider_calls: _, ...before_ } = await everyRow()
      const answer = await owner.call(route.method, `${pathOf(route.url)}?mode=test`, real[name] ?? bodyOf(route))
      assert.equal(answer.status, 500, `${name}: ${answer.text}`)
      const { provider_calls: __, ...after_ } = await everyRow()
      assert.deepEqual(after_, before_, name)
    }
    const credentials = { email: 'owner@access-volga.example', password: owner_password }
    const signed = await openBrowser(url).post('/auth/sign-in/email', credentials)
    assert.deepEqual([signed.status, signed.headers.getSetCookie()], [500, []])
  } finally {
    await sql.unsafe('drop trigger refuse_audit on provider_audit; drop function refuse_audit()')
  }
  const lines = async () => (await owner.get('/audit')).body.entries.length
  const before_ = await lines()
  assert.equal((await owner.post('/top-ups?mode=test', bodies['POST /top-ups'])).status, 200)
  assert.equal(await lines(), before_ + 1)
})
