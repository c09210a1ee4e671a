/** A receipt that a merchant names instead of sending it. Cascade API, 12. */
import assert from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { sampleFiles, sentReceipt } from '../../apps/server/src/appeals/sample-files.ts'
import { appealCalls, appealWish } from '../appeal-calls.ts'
import { startWorld, type World } from '../world.ts'

let world: World
let call: Awaited<ReturnType<typeof appealCalls>>['call']
let failed: Awaited<ReturnType<typeof appealCalls>>['failed']
before(async () => {
  world = await startWorld()
  ;({ call, failed } = await appealCalls(world))
})
after(() => world.close())

describe('a receipt that is somewhere on the web', () => {
  const files: Readonly<Record<string, (response: ServerResponse) => void>> = {
    '/r/screen.png': (response) => response.end(sampleFiles.png),
    '/r/big': (response) => response.end(Buffer.alloc(10_485_761, 1)),
    '/r/exe.pdf': (response) => response.end(sampleFiles.exe),
    '/r/moved': (response) => response.writeHead(302, { location: '/r/screen.png' }).end(),
    '/r/gone': (response) => response.writeHead(404).end(sampleFiles.png),
  }
  let server: Server
  let base: string
  before(async () => {
    server = createServer((request, response) => files[request.url ?? '']?.(response) ?? response.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())
  const byUrl = (receipt_url: unknown, more: object = {}) => appealWish({ receipt: undefined, receipt_url, ...more })

  it('is fetched, and our copy is what counts', async () => {
    const { path } = await failed()
    const { data } = await call('POST', path, 201, byUrl(`${base}/r/screen.png`))
    const { receipt } = (await call('GET', `${path}/${data.id}`, 200)).data.attributes
    assert.deepEqual([receipt.name, receipt.type, receipt.size], ['screen.png', 'png', sampleFiles.png.length])
  })

  it('is refused when it cannot be had or is none, and nothing is opened', async () => {
    const { path } = await failed()
    for (const [url, said] of [
      [`${base}/r/big`, /no larger/],
      [`${base}/r/exe.pdf`, /PDF, JPEG or PNG/],
      [`${base}/r/moved`, /could not be fetched/],
      [`${base}/r/gone`, /could not be fetched/],
      [`${base}/r/cut`, /could not be fetched/],
      ['http://10.0.0.1/r.png', /public/],
      ['ftp://example.com/r.png', /valid URL/],
    ] as const) {
      const { errors } = await call('POST', path, 422, byUrl(url))
      assert.match(errors.receipt_url, said, url)
    }
    const both = await call('POST', path, 422, byUrl(`${base}/r/screen.png`, { receipt: sentReceipt }))
    assert.match(both.errors.receipt_url, /left out/)
    assert.match((await call('POST', path, 422, appealWish({ receipt: undefined }))).errors.receipt, /blank/)
    assert.deepEqual((await call('GET', path, 200)).data, [])
  })
})
