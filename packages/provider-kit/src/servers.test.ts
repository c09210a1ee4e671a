import assert from 'node:assert/strict'
import { createServer, request as httpRequest, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import express, { type Express, Router } from 'express'
import Fastify from 'fastify'
import { toFastifyPlugin, toFetchHandler, toNodeListener } from './provider-kit.ts'
import { publishedExamples } from './published-examples.ts'
import { api_key, testProvider } from './test-provider.ts'

const create = publishedExamples.CREATE_PAYMENT.request
const answer = JSON.parse(publishedExamples.CREATE_PAYMENT.answer ?? '')

type Provider = ReturnType<typeof testProvider>
type Start = (t: TestContext, provider: Provider) => Promise<(init?: RequestInit) => Promise<Response>>

async function listen(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/cascade`
}

/** An Express application with JSON routes beside the endpoint; `mount` says how the endpoint gets into it. */
const inExpress =
  (mount: (app: Express, listener: RequestListener) => void): Start =>
  async (t, { handle }) => {
    const app = express()
    mount(app, toNodeListener(handle))
    app.post('/other', express.json(), (request, response) => void response.json(request.body))
    const url = await listen(t, app)
    const json = { 'content-type': 'application/json' }
    const other = await fetch(new URL('/other', url), { method: 'POST', headers: json, body: '{"a":1}' })
    assert.deepEqual(await other.json(), { a: 1 }, 'other routes keep their parsers')
    return (init) => fetch(url, init)
  }

const servers: Record<string, Start> = {
  'node:http': async (t, { handle }) => {
    const url = await listen(t, toNodeListener(handle))
    return (init) => fetch(url, init)
  },
  'Express before its parsers': inExpress((app, listener) => app.all('/cascade', listener).use(express.json())),
  'Express in a router': inExpress((app, listener) => app.use('/cascade', Router().all('/', listener))),
  'Express mounted as a middleware': inExpress((app, listener) => app.use('/cascade', listener)),
  'Express with raw bodies': inExpress((app, listener) =>
    app.use('/cascade', express.raw({ type: () => true }), listener),
  ),
  'Express with text bodies': inExpress((app, listener) =>
    app.use('/cascade', express.text({ type: () => true }), listener),
  ),
  Fastify: async (t, { handle }) => {
    const app = Fastify()
    app.register(toFastifyPlugin(handle), { prefix: '/cascade' })
    app.post('/other', async (request) => request.body)
    t.after(() => app.close())
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const other = await fetch(`${url}/other`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    })
    assert.deepEqual(await other.json(), { a: 1 }, 'other routes keep their parsers')
    return (init) => fetch(`${url}/cascade`, init)
  },
  fetch: async (_t, { handle }) => {
    const serve = toFetchHandler(handle)
    return (init) => serve(new Request('http://127.0.0.1/cascade', init))
  },
}

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-api-key': api_key, ...headers },
  body,
})

for (const [name, start] of Object.entries(servers)) {
  describe(name, () => {
    test('an event is answered, amounts keep their text, headers arrive', async (t) => {
      const provider = testProvider()
      const call = await start(t, provider)
      const got = await call(post(create.replace('3900.00', '0.100000000000000001'), { 'Idempotency-Key': 'K' }))
      assert.equal(got.status, 201)
      assert.match(got.headers.get('content-type') ?? '', /^application\/json/)
      assert.deepEqual(await got.json(), answer)
      const heard = provider.heard.map(({ data, ctx }) => ({ ...(data as object), key: ctx.idempotencyKey }))
      const { data } = JSON.parse(create)
      assert.deepEqual(heard, [{ ...data, amount: '0.100000000000000001', currencyRate: '85.5', key: 'K' }])
    })

    test('the content type does not matter', async (t) => {
      const call = await start(t, testProvider())
      for (const type of [
        'text/plain',
        'application/json; charset=utf-8',
        'application/x-www-form-urlencoded',
        'a/b',
      ]) {
        assert.equal((await call(post(create, { 'content-type': type }))).status, 201, type)
      }
    })

    test('401, 405, 400 and 413 come from the kit', async (t) => {
      const call = await start(t, testProvider())
      const status = async (init: RequestInit) => {
        const got = await call(init)
        return [got.status, ((await got.json()) as { code: string }).code]
      }
      assert.deepEqual(await status(post(create, { 'x-api-key': 'no' })), [401, 'UNAUTHORIZED'])
      assert.deepEqual(await status({ headers: { 'x-api-key': api_key } }), [405, 'METHOD_NOT_ALLOWED'])
      assert.deepEqual(await status({ ...post(create), method: 'PUT' }), [405, 'METHOD_NOT_ALLOWED'])
      assert.deepEqual(await status(post('{')), [400, 'BAD_JSON'])
      assert.deepEqual(await status({ method: 'POST', headers: { 'x-api-key': api_key } }), [400, 'BAD_JSON'])
      assert.deepEqual(await status(post(' '.repeat(70_000))), [413, 'BODY_TOO_LARGE'])
      assert.deepEqual(await status(post(create)), [201, undefined])
    })
  })
}

test('a body without end is cut at the limit, and the caller still gets his answer', async (t) => {
  const url = await listen(t, toNodeListener(testProvider().handle))
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers: { 'x-api-key': api_key } }, (response) => {
      response.resume()
      request.destroy()
      resolve(response.statusCode)
    })
    request.on('error', reject)
    request.write(' '.repeat(70_000))
  })
  assert.equal(status, 413)
})

test('a wrong key is answered before the body has arrived', async (t) => {
  const url = await listen(t, toNodeListener(testProvider().handle))
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers: { 'content-length': 1_000 } }, (response) => {
      request.destroy()
      resolve(response.statusCode)
    })
    request.on('error', reject)
    request.write('{')
  })
  assert.equal(status, 401)
})

test('a caller that goes away in the middle of its body harms nobody', async (t) => {
  const { handle, heard } = testProvider()
  const url = await listen(t, toNodeListener(handle))
  const request = httpRequest(url, { method: 'POST', headers: { 'x-api-key': api_key, 'content-length': 1_000 } })
  request.on('error', () => {})
  await new Promise((resolve) => request.write('{', resolve))
  request.destroy()
  assert.equal((await fetch(url, post(create))).status, 201)
  assert.equal(heard.length, 1)
})

test('behind express.json() the mistake is told, and nothing is done', async (t) => {
  const provider = testProvider()
  const mounted = inExpress((app, listener) => app.use(express.json()).all('/cascade', listener))
  const call = await mounted(t, provider)
  const got = await call(post(create))
  assert.equal(got.status, 500)
  assert.match(await got.text(), /mount the handler before it/)
  assert.deepEqual(provider.heard, [])
})

test('behind express.json() that keeps the bytes, amounts keep their text', async (t) => {
  const provider = testProvider()
  const keeping = express.json({ verify: (request, _, bytes) => void Object.assign(request, { rawBody: bytes }) })
  const call = await inExpress((app, listener) => app.use(keeping).all('/cascade', listener))(t, provider)
  assert.equal((await call(post(create.replace('3900.00', '0.100000000000000001')))).status, 201)
  assert.deepEqual(
    provider.heard.map(({ data }) => (data as { amount: string }).amount),
    ['0.100000000000000001'],
  )
  const otherKey = await call(post(create, { 'x-api-key': 'not-the-key-at-all' }))
  assert.equal(otherKey.status, 401)
})
