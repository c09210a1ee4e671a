/** What only real connections show: stopping, broken bytes, bodies without a length. */
import assert from 'node:assert/strict'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import Type from 'typebox'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { sendJson } from './reply.ts'
import { createServer } from './server.ts'

let t: TestContext
before(async () => {
  t = await testContext()
})
after(() => t.close())

type Listening = {
  app: Awaited<ReturnType<typeof createServer>>
  port: number
  arrived: Promise<void>
  goOn: () => void
}

/** A server with one slow path, `/slow`, that answers when told to. */
async function listen(): Promise<Listening> {
  let arrive = (): void => {}
  let goOn = (): void => {}
  const arrived = new Promise<void>((resolve) => (arrive = resolve))
  const told = new Promise<void>((resolve) => (goOn = resolve))
  const app = await createServer(t.ctx, [
    (server) => {
      server.get('/slow', { schema: { response: { 200: Type.Unknown() } } }, async (_request, reply) => {
        arrive()
        await told
        return sendJson(reply, { done: true })
      })
      server.post('/echo', { schema: { response: { 200: Type.Unknown() } } }, async (request, reply) =>
        sendJson(reply, { characters: String(request.body).length }),
      )
    },
  ])
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: (app.server.address() as AddressInfo).port, arrived, goOn }
}

/** Everything the server sends until it closes the connection. */
function read(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => (text += chunk))
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}

function exchange(port: number, sent: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(sent)
  return read(socket)
}

test('a request in flight is finished while the server stops, and nothing new is taken', async () => {
  const { app, port, arrived, goOn } = await listen()
  const slow = exchange(port, 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
  await arrived
  const closed = app.close()
  let taken = true
  for (let tries = 0; taken && tries < 500; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    taken = await fetch(`http://127.0.0.1:${port}/health/live`).then(
      ({ status }) => {
        assert.equal(status, 503)
        return true
      },
      () => false,
    )
  }
  assert.equal(taken, false, 'the port is closed')
  goOn()
  const answer = await slow
  assert.match(answer, /^HTTP\/1\.1 200 OK/)
  assert.match(answer, /\r\nconnection: close\r\n/i)
  assert.match(answer, /\{"done":true\}$/)
  await closed
})

test('503: what still arrives while the server stops is told to come back', async () => {
  let goOn = (): void => {}
  const told = new Promise<void>((resolve) => (goOn = resolve))
  const app = await createServer(t.ctx, [(server) => void server.addHook('preClose', () => told)])
  await app.listen({ host: '127.0.0.1', port: 0 })
  const closed = app.close()
  const reply = await fetch(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/health/ready`)
  assert.equal(reply.status, 503)
  assert.equal(reply.headers.get('retry-after'), '5')
  assert.equal(reply.headers.get('connection'), 'close')
  assert.deepEqual(await reply.json(), { errors: [{ status: 'Service Unavailable', code: '503' }] })
  goOn()
  await closed
})

test('400 and 431: what is no HTTP, and headers that are too large', async () => {
  const { app, port } = await listen()
  try {
    const broken = await exchange(port, 'NONSENSE\r\n\r\n')
    assert.match(broken, /^HTTP\/1\.1 400 Bad Request\r\n/)
    assert.match(broken, /\{"errors":\[\{"status":"Bad Request","code":"400"\}\]\}$/)
    const large = await exchange(port, `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`)
    assert.match(large, /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
    const smuggled = await exchange(
      port,
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    )
    assert.match(smuggled, /^HTTP\/1\.1 400 /)
  } finally {
    await app.close()
  }
})

test('413: a body without a length is cut off at the limit', async () => {
  const { app, port } = await listen()
  try {
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 17; i += 1) controller.enqueue(new Uint8Array(65_536).fill(120))
        controller.close()
      },
    })
    const reply = await fetch(`http://127.0.0.1:${port}/echo`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
    } as RequestInit)
    assert.equal(reply.status, 413)
    assert.deepEqual(await reply.json(), { errors: [{ status: 'Payload Too Large', code: '413' }] })
    const small = await fetch(`http://127.0.0.1:${port}/echo`, { method: 'POST', body: 'abc' })
    assert.deepEqual(await small.json(), { characters: 3 })
  } finally {
    await app.close()
  }
})

test('a client that leaves in the middle of its body harms nobody', async () => {
  const { app, port } = await listen()
  try {
    const socket = connect(port, '127.0.0.1')
    socket.write('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf')
    await new Promise((resolve) => setImmediate(resolve))
    socket.destroy()
    assert.equal((await fetch(`http://127.0.0.1:${port}/health/live`)).status, 200)
    const faults = await t.ctx.events.registry.getSingleMetric('cascad_faults_total')!.get()
    assert.deepEqual(faults.values, [])
  } finally {
    await app.close()
  }
})
