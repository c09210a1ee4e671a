import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import Fastify, { type FastifyInstance } from 'fastify'
import { problemOf } from './answer-error.ts'
import { bodyBytesMax } from './request-body.ts'
import { createUploadSlots } from './upload-slots.ts'

const slots = createUploadSlots({ total: 3, of_one: 2 })
const sockets: Socket[] = []
let app: FastifyInstance
let begun = 0
let ended = 0

before(async () => {
  app = Fastify({ bodyLimit: 4 * bodyBytesMax })
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error, _request, reply) => {
    const { status, headers } = problemOf(error)
    return reply.code(status).headers(headers).send('refused')
  })
  app.addHook('onRequest', async (request, reply) => {
    slots.take(request, reply, String(request.headers.from))
    begun += 1
    reply.raw.once('close', () => {
      ended += 1
    })
  })
  app.post('/', async () => 'taken')
  await app.listen({ host: '127.0.0.1', port: 0 })
})
after(async () => {
  for (const socket of sockets) socket.destroy()
  await app.close()
})

const until = async (is: () => boolean): Promise<void> => {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A request whose body is announced and does not come. */
async function open(from: string, more = `content-length: ${2 * bodyBytesMax}`): Promise<Socket> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'connect')
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\nfrom: ${from}\r\ncontent-type: x/y\r\n${more}\r\n\r\n`)
  return socket
}

async function answerOf(socket: Socket): Promise<string> {
  const [first] = await once(socket, 'data')
  return String(first)
}

test('so many large bodies at once, fewer of one sender, and a slot that is left is free again', async () => {
  const first = await open('a')
  await open('a', 'transfer-encoding: chunked')
  await until(() => begun === 2)
  const third = await answerOf(await open('a'))
  assert.match(third, /^HTTP\/1.1 429 [\s\S]*retry-after: 3/)
  await open('b')
  await until(() => begun === 3)
  assert.match(await answerOf(await open('c')), /^HTTP\/1.1 503 [\s\S]*retry-after: 3/)
  const small = await open('c', 'content-length: 2')
  small.write('ab')
  assert.match(await answerOf(small), /^HTTP\/1.1 200 /)
  first.destroy()
  await until(() => ended >= 2)
  const again = await open('a')
  await until(() => begun === 5)
  again.write(Buffer.alloc(2 * bodyBytesMax))
  assert.match(await answerOf(again), /^HTTP\/1.1 200 /)
})
