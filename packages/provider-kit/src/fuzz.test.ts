import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { eventNames } from './events.ts'
import { testProvider } from './test-provider.ts'

const documented = [200, 201, 400, 401, 405, 413, 422]
const { send, handle } = testProvider()

const event = fc.oneof(
  fc.constantFrom(...eventNames),
  fc.constantFrom(...eventNames).map((name) => `CascadeEvents.${name}`),
  fc.anything(),
)
const field = fc.oneof(
  fc.anything(),
  fc.double(),
  fc.constantFrom<unknown>('card', 'sbp', 'account', 'RUB', 'a', 'http://a/b', 30, 0.1, 3900),
)
const data = fc.oneof(
  fc.anything(),
  fc.record(
    {
      id: field,
      amount: field,
      method: field,
      currencyRate: field,
      currency: field,
      transactionWindowInMin: field,
      url: field,
    },
    { requiredKeys: [] },
  ),
)

async function check(body: string | Uint8Array, headers: Record<string, string> = {}) {
  const { status, document } = await send(body, headers)
  assert.ok(documented.includes(status) || (status === 409 && headers['idempotency-key'] !== undefined), String(status))
  if (status >= 400) {
    assert.equal(typeof document.code, 'string')
    assert.ok(document.message.length > 0)
  }
}

test('any JSON body to any event gets a documented answer', async () => {
  await fc.assert(
    fc.asyncProperty(event, data, fc.boolean(), async (name, value, keyed) => {
      let body: string | undefined
      try {
        body = JSON.stringify({ event: name, data: value })
      } catch {
        return
      }
      if (body !== undefined) await check(body, keyed ? { 'idempotency-key': 'k' } : {})
    }),
    { numRuns: 1_000 },
  )
})

test('any JSON text and any bytes get a documented answer', async () => {
  await fc.assert(fc.asyncProperty(fc.json(), (body) => check(body)))
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (body) => check(body)))
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), (body) => check(body)))
})

test('any method and any headers get a documented answer', async () => {
  const headers = fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom('x-api-key', 'idempotency-key', '__proto__')),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(fc.string(), headers, async (method, given) => {
      const { status } = await handle({ method, headers: given, body: new Uint8Array() })
      assert.ok(documented.includes(status))
    }),
  )
})

test('anything a handler gives back or throws gets 2xx, a refusal or 500', async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), fc.boolean(), fc.constantFrom(...eventNames), async (thing, thrown, name) => {
      const act = async () => {
        if (thrown) throw thing
        return thing as never
      }
      const wild = testProvider({
        createPayment: act,
        getPayment: act,
        cancelPayment: act,
        createAppeal: act,
        cancelAppeal: act,
        confirmAppeal: act,
      })
      const good = { id: 'a', amount: 1, method: 'card', currencyRate: 1, currency: 'RUB', url: 'http://a' }
      const { status } = await wild.send(JSON.stringify({ event: name, data: good }))
      assert.ok([200, 201, 400, 500].includes(status), String(status))
    }),
  )
})
