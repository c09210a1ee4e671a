import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { createSecrets } from '../database/secrets.ts'
import { sessionToken, verifySessionToken } from './session-token.ts'

const secrets = createSecrets(Buffer.alloc(32, 1))
const sid = 'cgi_0123456789abcdef'
const now = new Date('2025-01-01T00:00:00Z')
const exp = now.getTime() / 1000 + 60

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function tokenWith(header: unknown, claims: unknown, key: Buffer | string, hash = 'sha256'): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`
}

test('a signed token carries the session and its end, and nothing else', () => {
  const [header = '', claims = ''] = sessionToken(secrets, { sid, exp }).split('.')
  assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()), { alg: 'HS256', typ: 'JWT' })
  assert.deepEqual(JSON.parse(Buffer.from(claims, 'base64url').toString()), { sid, exp })
})

test('our own token is accepted until the second it ends in', () => {
  const token = sessionToken(secrets, { sid, exp })
  assert.deepEqual(verifySessionToken(secrets, token, now), { sid, exp })
  assert.deepEqual(verifySessionToken(secrets, token, new Date(exp * 1000 - 1)), { sid, exp })
  assert.equal(verifySessionToken(secrets, token, new Date(exp * 1000)), null)
})

test('only our key and HS256 are accepted', () => {
  const header = { alg: 'HS256', typ: 'JWT' }
  const claims = { sid, exp }
  assert.deepEqual(verifySessionToken(secrets, tokenWith(header, claims, secrets.sessionKey), now), claims)
  assert.equal(verifySessionToken(secrets, tokenWith(header, claims, Buffer.alloc(32, 2)), now), null)
  assert.equal(
    verifySessionToken(secrets, tokenWith({ ...header, alg: 'HS512' }, claims, secrets.sessionKey, 'sha512'), now),
    null,
  )
  assert.equal(verifySessionToken(secrets, `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`, now), null)
  assert.equal(verifySessionToken(secrets, `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}`, now), null)
})

test('a token without its claims, with claims of another type, or no token at all is refused', () => {
  const header = { alg: 'HS256', typ: 'JWT' }
  const refused = [{ sid }, { exp }, { sid: 1, exp }, { sid, exp: String(exp) }, { sid, exp: null }, [], 'text', null]
  for (const claims of refused) {
    assert.equal(
      verifySessionToken(secrets, tokenWith(header, claims, secrets.sessionKey), now),
      null,
      JSON.stringify(claims),
    )
  }
  for (const text of ['', '.', '..', 'a.b.c', 'Bearer x', `${sessionToken(secrets, { sid, exp })}x`]) {
    assert.equal(verifySessionToken(secrets, text, now), null, text)
  }
})
