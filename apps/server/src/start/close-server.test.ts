import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import Fastify from 'fastify'
import { closeServer } from './close-server.ts'

// The connection would keep the server open for an hour: a hang is the failure.
test('a request in flight is answered, and its kept connection does not hold up the close', {
  timeout: 30_000,
}, async (t) => {
  let answer = (): void => {}
  const asked = Promise.withResolvers<void>()
  const app = Fastify({ keepAliveTimeout: 3_600_000, forceCloseConnections: 'idle' })
  app.get('/slow', (_, reply) => {
    answer = () => void reply.send('done')
    asked.resolve()
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const answered = new Promise<string>((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path: '/slow', agent }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
    call.on('error', reject)
    call.end()
  })
  await asked.promise
  const closed = closeServer(app)
  await new Promise((resolve) => setTimeout(resolve, 50))
  answer()
  assert.equal(await answered, 'done')
  await closed
  assert.equal(app.server.listening, false)
})
