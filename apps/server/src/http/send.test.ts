import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { http, post, sender, tcp } from './sample-servers.ts'
import type { SendOptions } from './send.ts'

describe('an answer', () => {
  it('comes back with status, headers and body; the request arrives unchanged', async () => {
    let body = ''
    const server = await http((request, response) => {
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => response.writeHead(402, { 'x-two': ['a', 'b'] }).end('späť'))
    })
    const result = await sender().send(post(`${server.url}?a=1&b=%2F`))
    assert.equal(result.type, 'response')
    if (result.type !== 'response') return
    assert.equal(result.status, 402)
    assert.equal(result.body, 'späť')
    assert.equal(result.headers['x-two'], 'a, b')
    assert.equal(body, '{"amount":100}')
    assert.deepEqual(server.seen, ['POST /pay?a=1&b=%2F'])
  })

  it('a redirect is an answer and is not followed', async () => {
    const server = await http((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end())
    const result = await sender().send(post(server.url))
    assert.equal(result.type === 'response' && result.status, 307)
    assert.deepEqual(server.seen, ['POST /pay'])
  })

  it('proxy settings of the environment are ignored', async () => {
    const proxy = await http((_request, response) => response.end('from the proxy'))
    const server = await http((_request, response) => response.end('direct'))
    process.env.HTTP_PROXY = proxy.url
    process.env.http_proxy = proxy.url
    try {
      const result = await sender().send(post(server.url))
      assert.equal(result.type === 'response' && result.body, 'direct')
      assert.deepEqual(proxy.seen, [])
    } finally {
      delete process.env.HTTP_PROXY
      delete process.env.http_proxy
    }
  })

  it('an informational answer before the real one is skipped', async () => {
    const server = await http((_request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' })
      response.end('real')
    })
    const result = await sender().send(post(server.url))
    assert.equal(result.type === 'response' && result.body, 'real')
  })

  it('connections are used again', async () => {
    const connections = new Set<number | undefined>()
    const server = await http((request, response) => {
      connections.add(request.socket.remotePort)
      response.end('ok')
    })
    const one = sender()
    for (let i = 0; i < 20; i += 1) await one.send(post(server.url))
    assert.equal(server.seen.length, 20)
    assert.ok(connections.size <= 2, `20 requests over ${connections.size} connections`)
  })
})

describe('not_sent: proven that nothing was written', () => {
  const cases: { name: string; url: () => Promise<string>; limits?: Partial<SendOptions> }[] = [
    {
      name: 'a refused connection',
      url: async () => {
        const server = createTcpServer()
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
        const { port } = server.address() as AddressInfo
        await new Promise((resolve) => server.close(resolve))
        return `http://127.0.0.1:${port}/`
      },
    },
    { name: 'a name that does not exist', url: async () => 'http://no-such-host.invalid/' },
    { name: 'a URL of another scheme', url: async () => 'ftp://127.0.0.1/' },
    { name: 'a URL with user info', url: async () => 'http://user:secret@127.0.0.1/' },
    { name: 'no URL', url: async () => 'pay' },
    {
      name: 'a TLS failure',
      url: async () =>
        (await tcp((socket) => socket.on('data', () => socket.end('no TLS here')))).url.replace('http:', 'https:'),
    },
    {
      name: 'a TLS handshake that is cut off',
      url: async () =>
        (await tcp((socket) => socket.on('data', () => socket.resetAndDestroy()))).url.replace('http:', 'https:'),
    },
    {
      name: 'a TLS handshake that never ends',
      url: async () => (await tcp(() => {})).url.replace('http:', 'https:'),
      limits: { connect_timeout_ms: 100 },
    },
    {
      name: 'a header that cannot be written',
      url: async () => (await http((_request, response) => response.end())).url,
      limits: { headers: { 'x-broken': 'a\r\nb: c' } },
    },
  ]
  for (const { name, url, limits } of cases) {
    it(name, async () => {
      const result = await sender().send(post(await url(), limits))
      assert.equal(result.type, 'not_sent', JSON.stringify(result))
    })
  }

  it('a request that waited too long for a connection is never written afterwards', async () => {
    const held: ServerResponse[] = []
    const allHeld = Promise.withResolvers<void>()
    const server = await http((_request, response) => {
      held.push(response)
      if (held.length === 256) allHeld.resolve()
    })
    const one = sender()
    const first = Array.from({ length: 256 }, () => one.send(post(server.url)))
    await allHeld.promise
    const late = await one.send(
      post(server.url.replace('/pay', '/late'), { connect_timeout_ms: 5000, total_timeout_ms: 100 }),
    )
    assert.equal(late.type, 'not_sent')
    for (const response of held) response.end('ok')
    assert.ok((await Promise.all(first)).every((result) => result.type === 'response'))
    const after = await one.send(post(server.url.replace('/pay', '/after'), { total_timeout_ms: 10 }))
    assert.notEqual(after.type, 'response')
    assert.ok(!server.seen.includes('POST /late'), 'the abandoned request must not arrive')
  })

  it('a closed sender sends nothing', async () => {
    const server = await http((_request, response) => response.end())
    const one = sender()
    await one.close()
    assert.equal((await one.send(post(server.url))).type, 'not_sent')
    assert.deepEqual(server.seen, [])
  })
})

describe('unknown: something may have arrived', () => {
  it('a server that accepts and never answers', async () => {
    const server = await http(() => {})
    const result = await sender().send(post(server.url, { read_timeout_ms: 50 }))
    assert.deepEqual(result, { type: 'unknown', detail: 'read_timeout' })
    assert.equal(server.seen.length, 1)
  })

  it('the total limit ends an answer that trickles', async () => {
    const server = await http((_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('.'), 10)
      response.on('close', () => clearInterval(timer))
    })
    const result = await sender().send(post(server.url, { read_timeout_ms: 2000, total_timeout_ms: 200 }))
    assert.deepEqual(result, { type: 'unknown', detail: 'total_timeout' })
  })

  it('a body that stops in the middle', async () => {
    const server = await http((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
    })
    const result = await sender().send(post(server.url, { read_timeout_ms: 50 }))
    assert.deepEqual(result, { type: 'unknown', detail: 'read_timeout' })
  })

  it('an answer after the limit does not count, and is told to whoever listens', async () => {
    let answer: () => void = () => {}
    const server = await http((_request, response) => {
      answer = () => response.writeHead(201).end('late')
    })
    const result = await sender().send(post(server.url, { read_timeout_ms: 50, listen_ms: 10_000 }))
    assert.equal(result.type, 'unknown')
    if (result.type !== 'unknown') return
    answer()
    const late = await result.late
    assert.equal(late?.type === 'response' && late.body, 'late')
  })

  it('listening ends too', async () => {
    const server = await http(() => {})
    const result = await sender().send(post(server.url, { read_timeout_ms: 20, listen_ms: 30 }))
    const late = result.type === 'unknown' ? await result.late : null
    assert.deepEqual(late, { type: 'unknown', detail: 'listen_timeout' })
  })

  it('a body larger than the limit, and no more of it is read', async () => {
    const server = await http((_request, response) => response.end('x'.repeat(5_000_000)))
    const result = await sender().send(post(server.url))
    assert.deepEqual(result, { type: 'unknown', detail: 'response_too_large' })
  })

  it('an answer that is not HTTP', async () => {
    const server = await tcp((socket) => socket.on('data', () => socket.end('220 smtp ready\r\n')))
    assert.equal((await sender().send(post(server.url))).type, 'unknown')
  })

  it('an old connection that the server closes under the request: not known, and not sent a second time', async () => {
    const requests: string[] = []
    const server = await tcp((socket) => {
      socket.on('data', (data) => {
        requests.push(data.toString().split(' ')[1] ?? '')
        if (requests.length === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
        else socket.destroy()
      })
    })
    const one = sender()
    assert.equal((await one.send(post(server.url))).type, 'response')
    assert.equal((await one.send(post(server.url.replace('/pay', '/second')))).type, 'unknown')
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.deepEqual(requests, ['/pay', '/second'])
  })

  it('an idle connection that the server has closed is not used: the next request arrives on a new one', async () => {
    const server = await http((_request, response) => response.end('ok'))
    const one = sender()
    await one.send(post(server.url))
    await new Promise<void>((resolve) => {
      for (const socket of server.sockets) socket.once('close', () => resolve()).end()
    })
    assert.equal((await one.send(post(server.url))).type, 'response')
    assert.equal(server.seen.length, 2)
  })

  it('cut at any byte of request or answer: not_sent is claimed only when the server got nothing', async () => {
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"ok":true}'
    const one = sender()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: answer.length }),
        fc.constantFrom('reset', 'end', 'at accept'),
        fc.boolean(),
        async (bytes, way, tls) => {
          let got = 0
          let times = 0
          const server = await tcp((socket) => {
            if (way === 'at accept') {
              socket.resetAndDestroy()
              return
            }
            socket.on('data', (data) => {
              if (data.includes('POST ')) times += 1
              got += data.length
              socket.write(answer.slice(0, bytes), () => (way === 'reset' ? socket.resetAndDestroy() : socket.end()))
            })
          })
          const result = await one.send(post(tls ? server.url.replace('http:', 'https:') : server.url))
          assert.ok(times <= 1, 'sent more than once')
          if (result.type === 'not_sent') assert.equal(times, 0)
          if (tls) assert.equal(result.type, 'not_sent')
          if (!tls && got > 0) assert.notEqual(result.type, 'not_sent')
          if (!tls && way === 'end' && bytes === answer.length) assert.equal(result.type, 'response')
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('when only the status counts', () => {
  it('a huge, slow or broken body is no failure', async () => {
    const bodies: ((response: ServerResponse) => void)[] = [
      (response) => response.end('x'.repeat(5_000_000)),
      (response) => response.writeHead(200).write('never ends'),
      (response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half')
        setImmediate(() => response.socket?.resetAndDestroy())
      },
    ]
    for (const body of bodies) {
      const server = await http((_request, response) => body(response))
      const result = await sender().send(post(server.url, { ignore_body: true, read_timeout_ms: 100 }))
      assert.equal(result.type === 'response' && result.status, 200)
      assert.equal(result.type === 'response' && result.body, '')
    }
  })

  it('as much of a body as came of its beginning can be kept', async () => {
    const bodies: [send: (response: ServerResponse) => void, kept: string][] = [
      [(response) => response.end(), ''],
      [(response) => response.end('short'), 'short'],
      [(response) => response.end('x'.repeat(5_000_000)), 'x'.repeat(64)],
      [(response) => response.writeHead(200).write('never ends'), 'never ends'],
      [
        (response) => {
          response.writeHead(200, { 'content-length': '100' }).write('half')
          setImmediate(() => response.socket?.resetAndDestroy())
        },
        'half',
      ],
    ]
    for (const [send, kept] of bodies) {
      const server = await http((_request, response) => send(response))
      const limits = { head_of_body: true, response_bytes_max: 64, read_timeout_ms: 200 } as const
      const result = await sender().send(post(server.url, limits))
      assert.equal(result.type === 'response' && result.status, 200)
      assert.equal(result.type === 'response' && result.body, kept)
    }
  })
})
