/** For tests: the demo provider at the desk volga with a person of every role signed in, and payments beside them. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { demoProviders } from '../../demo/providers.ts'
import { addConnection, save } from '../cascades/sample-connections.ts'
import { createServer } from '../http/server.ts'
import { type RequisitesWorld, requisitesWorld } from '../payments/sample-requisites.ts'
import { addPerson } from './add-person.ts'
import { type Role, roles } from './person.ts'
import { providerRoutes } from './routes.ts'
import { type Browser, signIn } from './sample-people.ts'

const [volga, neva] = demoProviders
export const provider_id = volga?.id ?? ''
export const gateway_id = volga?.test_gateway_id ?? 0
/** Of the other demo provider, asked after this one. */
export const next_gateway_id = neva?.test_gateway_id ?? 0
/** Of a provider without people. */
export const stranger_id = 795
export const path = `/connections/${gateway_id}`

/** Before each test the connection is in use at the desk volga, and nothing waits. */
export function openDashboard() {
  let world: RequisitesWorld
  let app: FastifyInstance
  const browsers = {} as Record<Role, Browser>
  const tryOut = (role: Role, body: object = {}) => browsers[role].post(`${path}/test`, body)
  before(async () => {
    world = await requisitesWorld()
    const { ctx } = world
    app = await createServer(ctx, [providerRoutes])
    await app.listen({ host: '127.0.0.1', port: 0 })
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
    Object.assign(ctx.config, { public_url: url })
    for (const role of roles) {
      const given = { name: role, email: `${role}@volga-test.example`, role }
      const added = await addPerson(ctx, provider_id, given, 'test')
      browsers[role] = await signIn(url, { email: given.email, password: added?.initial_password ?? '' })
    }
    await addConnection(ctx, stranger_id, true)
  })
  beforeEach(async () => {
    await world.reset()
    const { ctx, desks } = world
    const { sql } = ctx
    await sql`update provider_connections set pending_encrypted = null, pending_at = null where gateway_id = ${gateway_id}`
    await save(ctx, gateway_id, { ...desks.credentials('volga'), event_form: 'prefixed' })
    const { body } = await browsers.owner.get('/connections?mode=test')
    // In use already, unless the test before has put another to use.
    if (body.connections[0].pending) assert.equal((await tryOut('owner')).body.activated, true)
    await sql`update provider_connections set credentials_at = null`
    await world.reset()
  })
  after(async () => {
    await app.close()
    await world.close()
  })
  return {
    world: () => world,
    browsers,
    tryOut,
    connection: async () => (await browsers.viewer.get('/connections?mode=test')).body.connections[0],
  }
}
