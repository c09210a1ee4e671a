/** What an endpoint may try with us: lead us elsewhere, never end, never answer. Whoever tries it out still gets a reading. */
import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { fireEvent } from './fire-event.ts'
import { addConnection, check, connectionOf, deskWorld, save } from './sample-connections.ts'
import { saveConnection } from './save-connection.ts'

const gateway_id = 711
let world: Awaited<ReturnType<typeof deskWorld>>
let server: Server
let behave: RequestListener
/** What was asked of the server, by path. */
let asked: string[] = []
const timers = new Set<NodeJS.Timeout>()

before(async () => {
  world = await deskWorld()
  server = createServer((request, response) => {
    request.resume()
    asked.push(request.url ?? '')
    behave(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await addConnection(world.ctx, gateway_id, false)
  await save(world.ctx, gateway_id, world.volga)
  assert.ok((await check(world.ctx, gateway_id)).activated)
  // So that nobody waits long for those who never answer.
  assert.equal(
    await saveConnection(world.ctx, await connectionOf(world.ctx, gateway_id), { create_timeout_s: 1 }),
    null,
  )
  await save(world.ctx, gateway_id, { endpoint_url: `http://127.0.0.1:${port()}/cascade` })
})
after(async () => {
  for (const timer of timers) clearInterval(timer)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await world.close()
})

const port = () => (server.address() as AddressInfo).port
const data = { amount: '3900', method: 'card', currencyRate: '85.5', currency: 'RUB' }

async function fire(listener: RequestListener) {
  behave = listener
  asked = []
  const wish = { which: 'pending', event: 'CREATE_PAYMENT', data } as const
  const tried = await fireEvent(world.ctx, await connectionOf(world.ctx, gateway_id), wish)
  return tried?.type === 'tried' ? tried.call : assert.fail()
}

describe('an endpoint that', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    test(`redirects with ${status} is not followed`, async () => {
      const call = await fire((_request, response) => {
        response.writeHead(status, { location: `http://127.0.0.1:${port()}/elsewhere` }).end('{}')
      })
      assert.deepEqual([call.reading.result, call.reading.misconfigured], ['violation', true])
      assert.deepEqual(asked, ['/cascade'])
    })
  }

  test('sends more than 64 KiB is cut off', async () => {
    let isOver = false
    let written = 0
    const call = await fire((_request, response) => {
      response.on('close', () => {
        isOver = true
      })
      response.writeHead(201)
      const piece = Buffer.alloc(65_536, 97)
      const write = (): void => {
        if (response.destroyed || written > 1024) return
        written += 1
        response.write(piece) ? setImmediate(write) : response.once('drain', write)
      }
      write()
    })
    assert.deepEqual([call.reading.result, call.answer], ['unknown', null])
    while (!isOver) await new Promise(setImmediate)
    assert.ok(written < 1024, `${written} pieces of 64 KiB were taken`)
  })

  test('sends a byte now and then has no more time than all others', async () => {
    const call = await fire((_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 50)
      timers.add(timer)
      response.on('close', () => clearInterval(timer))
    })
    assert.deepEqual([call.reading.result, call.http_status], ['unknown', null])
  })

  test('never answers is unknown, and its test does not pass', async () => {
    const call = await fire(() => {})
    assert.equal(call.reading.result, 'unknown')
    behave = () => {}
    const result = await check(world.ctx, gateway_id)
    assert.deepEqual([result.passed, result.activated], [false, false])
  })

  test('answers in compressed, binary or broken form is read or refused, never an exception', async () => {
    const bodies = [
      Buffer.from([0x1f, 0x8b, 0xff, 0x00]),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from('{"id":"\\ud800"'),
      Buffer.alloc(0),
    ]
    for (const body of bodies) {
      const call = await fire((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(body)
      })
      assert.equal(call.reading.result, 'unknown')
      assert.equal(JSON.stringify(call).includes('\0'), false)
    }
  })

  test('is nested a thousand times is no more than broken', async () => {
    const call = await fire((_request, response) => {
      response.writeHead(200).end(`{"id":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)
    })
    assert.match(call.reading.result, /^(violation|unknown)$/)
  })
})
