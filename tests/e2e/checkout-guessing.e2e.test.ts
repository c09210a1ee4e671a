/** Who looks for payers' pages by trying ids: decisions/, "what protects a payer's page". */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '../../apps/server/src/ids.ts'
import { startWorld, type World } from '../world.ts'

const now = new Date('2026-03-02T10:00:00Z')
let world: World
before(async () => {
  // The clock stands still, so no request is given back to anybody.
  world = await startWorld({
    work: false,
    now: () => now,
    config: { rate_limits: true, trusted_proxies: ['127.0.0.1'] },
  })
})
after(() => world.close())

const tries_per_minute = 300
/** Every address that is opened by the id of a payment. */
const doors: readonly ((id: string) => readonly [path: string, method: 'GET' | 'POST'])[] = [
  (id) => [`/hpp/?cpi=${id}`, 'GET'],
  (id) => [`/hpp/state?cpi=${id}`, 'GET'],
  (id) => [`/hpp/appeal?cpi=${id}`, 'GET'],
  (id) => [`/hpp/methods?cpi=${id}`, 'GET'],
  (id) => [`/redirect/hpp/?cpi=${id}`, 'GET'],
  (id) => [`/return?id=${id}`, 'GET'],
  (id) => [`/hpp/requisites/paid?cpi=${id}`, 'POST'],
  (id) => [`/hpp/requisites/cancel?cpi=${id}`, 'POST'],
  (id) => [`/public-api/payment-invoices/${id}`, 'GET'],
]

async function knock(door: (typeof doors)[number], id: string, ip: string): Promise<Response> {
  const [path, method] = door(id)
  const headers = { 'x-forwarded-for': ip }
  const body = method === 'POST' ? { body: new URLSearchParams({ mark: '1' }) } : {}
  return fetch(world.url + path, { method, headers, redirect: 'manual', ...body })
}

test('all doors together are tried 300 times a minute from one address, and nothing tells a near miss from a far one', async () => {
  const answers = new Map<string, Set<string>>()
  for (let tried = 0; tried < tries_per_minute; tried += 1) {
    const door = doors[tried % doors.length] as (typeof doors)[number]
    const id = newId('payment', tried % 2 === 0 ? now : new Date(0))
    const answer = await knock(door, id, '198.51.100.7')
    const [path, method] = door('')
    const key = `${method} ${path}`
    const text = (await answer.text()).replace(/nonce="[^"]*"/g, '')
    answers.set(key, (answers.get(key) ?? new Set()).add(`${answer.status} ${text}`))
  }
  for (const [door, seen] of answers) {
    assert.equal(seen.size, 1, door)
    assert.match([...seen][0] ?? '', /^404 /, door)
  }
  for (const door of doors) assert.equal((await knock(door, newId('payment', now), '198.51.100.7')).status, 429)
  for (const door of doors) assert.equal((await knock(door, newId('payment', now), '198.51.100.8')).status, 404)
})

test('an IPv6 client has one purse for all of its addresses', async () => {
  const [door] = doors
  assert.ok(door)
  for (let tried = 0; tried < tries_per_minute; tried += 1)
    await (await knock(door, newId('payment', now), `2001:db8:1:2::${tried.toString(16)}`)).arrayBuffer()
  assert.equal((await knock(door, newId('payment', now), '2001:db8:1:2:ffff::1')).status, 429)
  assert.equal((await knock(door, newId('payment', now), '2001:db8:1:3::1')).status, 404)
})
