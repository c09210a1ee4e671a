import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { http, post, sender } from './sample-servers.ts'
import type { SendOptions } from './send.ts'

describe('guarded targets', () => {
  const guarded = (url: string): SendOptions => post(url, { guard: 'public' })

  it('in production loopback is refused in every spelling, and nothing arrives', async () => {
    const server = await http((_request, response) => response.end())
    const one = sender({ allow_private_targets: false })
    for (const host of [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '017700000001',
      '[::ffff:127.0.0.1]',
      'localhost',
    ]) {
      const result = await one.send(guarded(`http://${host}:${server.port}/`))
      assert.equal(result.type, 'not_sent', host)
      assert.match(result.type === 'not_sent' ? result.detail : '', /^target_refused/)
    }
    assert.deepEqual(server.seen, [])
  })

  it('in production a public looking name that leads to loopback is refused', async () => {
    const server = await http((_request, response) => response.end())
    const one = sender({ allow_private_targets: false, lookup: async () => ['127.0.0.1'] })
    const result = await one.send(guarded(`http://127-0-0-1.nip.example:${server.port}/`))
    assert.match(result.type === 'not_sent' ? result.detail : '', /^target_refused/)
    assert.deepEqual(server.seen, [])
  })

  it('in the demo loopback may be told, also through a name', async () => {
    const server = await http((request, response) => response.end(request.headers.host))
    const one = sender({ lookup: async () => ['127.0.0.1'] })
    for (const host of ['127.0.0.1', 'localhost', 'shop.example']) {
      const result = await one.send(guarded(`http://${host}:${server.port}/`))
      assert.equal(result.type === 'response' && result.body, `${host}:${server.port}`)
    }
  })

  it('the connection goes to the checked address; a name that changes its answer is looked up before every attempt', async () => {
    const server = await http((_request, response) => response.end('told'))
    let lookups = 0
    const one = sender({
      lookup: async () => {
        lookups += 1
        return lookups === 1 ? ['127.0.0.1'] : ['169.254.169.254']
      },
    })
    const url = `http://rebinding.example:${server.port}/`
    assert.equal((await one.send(guarded(url))).type, 'response')
    assert.equal(lookups, 1, 'one look-up for check and connection')
    const second = await one.send(guarded(url))
    assert.match(second.type === 'not_sent' ? second.detail : '', /^target_refused/)
    assert.equal(server.seen.length, 1)
  })

  it('a name server that never answers ends in not_sent', async () => {
    const one = sender({ lookup: () => new Promise(() => {}) })
    const result = await one.send({ ...guarded('http://slow.example/'), connect_timeout_ms: 50 })
    assert.equal(result.type, 'not_sent')
  })
})
