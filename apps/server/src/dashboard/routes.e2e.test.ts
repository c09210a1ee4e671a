import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createServer } from '../http/server.ts'
import { nonceMark } from './built-files.ts'
import { folderAt, hashFile } from './dashboard-folder.ts'
import { type DashboardBuild, dashboardRoutes } from './routes.ts'

const folder = folderAt(mkdtempSync(join(tmpdir(), 'cascad-dashboard-')))
const script = `console.log(${JSON.stringify('x'.repeat(2_000))})`
let state: ReturnType<DashboardBuild['state']> = 'idle'
let t: TestContext
let app: FastifyInstance

function writeBuild(page: string, at: number): void {
  mkdirSync(join(folder.dist, 'assets'), { recursive: true })
  writeFileSync(join(folder.dist, 'index.html'), `<style nonce="${nonceMark}"></style>${page}`)
  writeFileSync(join(folder.dist, 'assets', 'main-1a2b.js'), script)
  writeFileSync(join(folder.dist, 'icon.svg'), '<svg/>')
  writeFileSync(join(folder.dist, hashFile), page)
  utimesSync(join(folder.dist, hashFile), at, at)
}

before(async () => {
  t = await testContext()
  app = await createServer(t.ctx, [dashboardRoutes({ state: () => state }, folder)])
})
after(async () => {
  await app.close()
  await t.close()
  rmSync(folder.root, { recursive: true, force: true })
})

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })

describe('while there is nothing built', () => {
  for (const [now, words] of [
    ['idle', /is not built/],
    ['building', /is being built/],
    ['failed', /could not be built/],
  ] as const) {
    it(`says so: ${now}`, async () => {
      state = now
      const answer = await get('/dashboard/history')
      assert.equal(answer.statusCode, 503)
      assert.match(answer.body, words)
      assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/)
      assert.equal(/http-equiv="refresh"/.test(answer.body), now === 'building', 'only what will end is waited for')
      state = 'idle'
    })
  }
})

describe('what is built', () => {
  before(() => writeBuild('first', 1_000))

  it('is one page at every address, never kept by browsers, each with a nonce of its own', async () => {
    const seen = new Set<string>()
    for (const url of ['/dashboard', '/dashboard/', '/dashboard/history/att_1', '/dashboard/sign-in?back=%2F']) {
      const { statusCode, headers, body } = await get(url)
      assert.equal(statusCode, 200, url)
      assert.equal(headers['cache-control'], 'no-cache')
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['x-frame-options'], 'DENY')
      const policy = String(headers['content-security-policy'])
      const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
      assert.ok(nonce.length > 20)
      assert.equal(body, `<style nonce="${nonce}"></style>first`)
      assert.match(policy, /script-src 'self';/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.doesNotMatch(policy, /unsafe/)
      seen.add(nonce)
    }
    assert.equal(seen.size, 4)
  })

  it('comes with files that browsers keep for good, packed for those that unpack', async () => {
    const plain = await get('/dashboard/assets/main-1a2b.js')
    assert.equal(plain.body, script)
    assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8')
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(plain.headers['x-content-type-options'], 'nosniff')
    const packed = await get('/dashboard/assets/main-1a2b.js', { 'accept-encoding': 'gzip, br' })
    assert.equal(packed.headers['content-encoding'], 'gzip')
    assert.equal(packed.headers.vary, 'accept-encoding')
    assert.equal(gunzipSync(packed.rawPayload).toString(), script)
    assert.equal((await get('/dashboard/icon.svg')).headers['content-type'], 'image/svg+xml')
  })

  it('is the only thing that is served', async () => {
    const paths = [
      'assets/old-9f9f.js',
      hashFile,
      'index.html',
      '..%2f..%2fpackage.json',
      'assets/..%2f..%2fvite.config.ts',
      'assets/%2e%2e/index.html',
      'assets',
      'assets/',
    ]
    for (const path of paths) {
      const { statusCode, body } = await get(`/dashboard/${path}`)
      assert.ok(statusCode === 404 || (statusCode === 200 && body.endsWith('first')), `${path}: ${statusCode} ${body}`)
      assert.doesNotMatch(body, /nonce-of-the-page|defineConfig|workspaces/)
    }
    assert.equal((await get('/dashboard/assets/old-9f9f.js')).statusCode, 404)
    assert.equal((await app.inject({ method: 'POST', url: '/dashboard/history' })).statusCode, 405)
  })

  it('is read again when it was built anew', async () => {
    writeBuild('second', 2_000)
    assert.match((await get('/dashboard')).body, /second$/)
    renameSync(folder.dist, `${folder.dist}-away`)
    assert.equal((await get('/dashboard')).statusCode, 503)
    renameSync(`${folder.dist}-away`, folder.dist)
    assert.equal((await get('/dashboard')).statusCode, 200)
  })
})
