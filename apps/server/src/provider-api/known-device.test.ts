import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { createSecrets } from '../database/secrets.ts'
import { createKnownDevices } from './known-device.ts'

const day_ms = 86_400_000
let at = new Date('2026-03-01T10:00:00Z').getTime()
const devicesAt = (public_url: string, key = randomBytes(32)) =>
  createKnownDevices({ config: { public_url } as Config, secrets: createSecrets(key), now: () => new Date(at) })
const devices = devicesAt('https://pay.example.com')
const asking = (cookie?: string) => ({ headers: cookie === undefined ? {} : { cookie } }) as FastifyRequest
const pairOf = (line: string): string => line.slice(0, line.indexOf(';'))

test('a browser is known to whom it was given, in any case of letters, beside other cookies', () => {
  const line = devices.remember('Ann@desk.example', null)
  assert.match(
    line,
    /^__Secure-cascad\.device=[\w.-]+; Max-Age=15552000; Path=\/provider-api\/auth; HttpOnly; SameSite=Lax; Secure$/,
  )
  const device = devices.read(asking(pairOf(line)), 'ann@desk.example')
  assert.match(String(device), /^[A-Za-z0-9]{24}$/)
  assert.equal(devices.read(asking(`a=b; ${pairOf(line)}; c=d`), 'ANN@desk.example'), device)
  assert.equal(devices.read(asking(pairOf(line)), 'bob@desk.example'), null)
  assert.doesNotMatch(line, /ann/i)
  assert.doesNotMatch(devicesAt('http://127.0.0.1:4000').remember('a@b.example', null), /Secure/)
})

test('signing in again keeps the browser’s own id and begins its time anew', () => {
  const first = pairOf(devices.remember('ann@desk.example', null))
  const device = devices.read(asking(first), 'ann@desk.example')
  at += 179 * day_ms
  const again = pairOf(devices.remember('ann@desk.example', device))
  at += 2 * day_ms
  assert.equal(devices.read(asking(first), 'ann@desk.example'), null)
  assert.equal(devices.read(asking(again), 'ann@desk.example'), device)
})

test('what was not signed here, or was changed, is not known', () => {
  const cookie = pairOf(devices.remember('ann@desk.example', null))
  const [head = '', value = ''] = cookie.split('=')
  const [device = '', signed_in_at = '', signature = ''] = value.split('.')
  const other = devicesAt('https://pay.example.com').remember('ann@desk.example', null)
  const wrong = [
    undefined,
    '',
    `${head}=`,
    `${head}=${device}.${signed_in_at}`,
    `${head}=${device}.${Number(signed_in_at) + 1}.${signature}`,
    `${head}=${'A'.repeat(24)}.${signed_in_at}.${signature}`,
    `${head}=${device}.${signed_in_at}.${signature.slice(0, 42)}`,
    `${head}=${device}.${signed_in_at}.${'A'.repeat(43)}`,
    pairOf(other),
    cookie.replace('__Secure-', ''),
    `${head}=${'x'.repeat(5000)}`,
  ]
  for (const one of wrong) assert.equal(devices.read(asking(one), 'ann@desk.example'), null, one)
})
