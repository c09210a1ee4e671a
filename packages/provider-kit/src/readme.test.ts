import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runConformance } from './conformance.ts'
import { publishedExamples } from './published-examples.ts'
import { api_key } from './test-provider.ts'
import { writeEvent } from './write-event.ts'

const folder = new URL('../', import.meta.url)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A program of its own; ends with the test. */
function start(t: TestContext, args: readonly string[], env: Record<string, string>, cwd: string | URL = folder) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, CASCADE_API_KEY: api_key, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(async () => {
    if (child.exitCode !== null) return
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
  })
  return child
}

const post = (url: string, body: string) =>
  fetch(url, { method: 'POST', headers: { 'x-api-key': api_key }, body, signal: AbortSignal.timeout(20_000) })

async function whenUp(child: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (child.exitCode !== null) throw new Error('the program has ended')
    const up = await fetch(url).then(
      (response) => response.text(),
      () => null,
    )
    if (up !== null) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the program does not answer')
}

const readme = readFileSync(new URL('README.md', folder), 'utf8')
const [example = '', inExpress = ''] = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code)
const lastLine = /^createServer\(toNodeListener\((createCascadeHandler\(.+\))\)\)\.listen\(.+\)$/m

/** What a platform does with a payment, at an example that is already up. */
async function converse(url: string): Promise<void> {
  const created = await post(url, publishedExamples.CREATE_PAYMENT.request)
  assert.equal(created.status, 201)
  const { id, cardNumber } = (await created.json()) as { id: string; cardNumber: string }
  assert.equal(cardNumber, '5363 5423 1029 7979')
  const status = async () => (await post(url, writeEvent('GET_PAYMENT', { id }))).json()
  assert.deepEqual(await status(), { status: 'pending' })
  const appeal = await post(url, writeEvent('CREATE_APPEAL', { id, amount: '4000', url: 'http://a/r.pdf' }))
  assert.deepEqual(await appeal.json(), { appealId: `appeal-of-${id}` })
  assert.equal((await post(url, writeEvent('CONFIRM_APPEAL', { id: `appeal-of-${id}` }))).status, 200)
  assert.equal((await post(url, writeEvent('CANCEL_PAYMENT', { id }))).status, 200)
  assert.deepEqual(await status(), { status: 'failed' })
  assert.equal((await post(url, writeEvent('GET_PAYMENT', { id: 'unknown' }))).status, 404)
  const stranger = await fetch(url, { method: 'POST', headers: { 'x-api-key': 'not-the-key-at-all' }, body: '{}' })
  assert.equal(stranger.status, 401)
}

test('the example of the README runs as it stands', async (t) => {
  assert.ok(example.split('\n').length <= 14)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const child = start(t, ['--input-type=module', '--eval', example], { PORT: String(port) })
  await whenUp(child, url)
  await converse(url)
})

test('the lines for Express run as they stand, in place of the last line', async (t) => {
  const program = example.replace(lastLine, () => inExpress)
  assert.ok(program.includes("from 'express'") && !program.includes('createServer('))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/cascade`
  const child = start(t, ['--input-type=module', '--eval', program], { PORT: String(port) })
  await whenUp(child, url)
  await converse(url)
})

/** Of the other rows of the table of servers: another last line. */
const mounts: Readonly<Record<string, string>> = {
  Fastify: `
    import Fastify from 'fastify'
    import { toFastifyPlugin } from '@cascad/provider-kit'
    const app = Fastify()
    app.register(toFastifyPlugin(handler), { prefix: '/cascade' })
    await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })`,
  'fetch style': `
    import { toFetchHandler } from '@cascad/provider-kit'
    const POST = toFetchHandler(handler)
    createServer(async (request, response) => {
      const init = { method: request.method, headers: request.headers }
      if (request.method === 'POST') Object.assign(init, { body: request, duplex: 'half' })
      const answer = await POST(new Request('http://a' + request.url, init))
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
    }).listen(process.env.PORT)`,
}
for (const [name, mount] of Object.entries(mounts)) {
  test(`the handlers of the README answer alike in ${name}`, async (t) => {
    const program = example.replace(lastLine, (_line, handler) => `const handler = ${handler}${mount}`)
    assert.notEqual(program, example)
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/cascade`
    const child = start(t, ['--input-type=module', '--eval', program], { PORT: String(port) })
    await whenUp(child, url)
    await converse(url)
  })
}

test('the example provider conforms, and its page settles payments', async (t) => {
  const child = start(t, ['example/provider.ts'], { PORT: '0' })
  const line = await new Promise<string>((resolve) => child.stdout?.once('data', (data) => resolve(String(data))))
  const url = /http:\S+\/cascade/.exec(line)?.[0] ?? ''
  const page = new URL('/', url).href
  const options = { url, apiKey: api_key, currency: 'RUB', amount: '3900', amountAboveMax: '300000.01' }
  const report = await runConformance({ ...options, methods: ['card', 'sbp'] })
  assert.deepEqual(
    report.checks.filter(({ passed }) => !passed),
    [],
  )
  const { id } = (await (await post(url, publishedExamples.CREATE_PAYMENT.request)).json()) as { id: string }
  assert.match(await (await fetch(page)).text(), new RegExp(id))
  const press = async (button: string, headers: Record<string, string> = {}) => {
    const init: RequestInit = { method: 'POST', redirect: 'manual', headers }
    return (await fetch(`${page}payments/${id}/${button}`, init)).status
  }
  assert.equal(await press('failed'), 409, 'the window is open')
  assert.equal(await press('success', { origin: 'https://evil.example' }), 404)
  assert.equal(await press('success'), 303)
  const status = await post(url, writeEvent('GET_PAYMENT', { id }))
  assert.deepEqual(await status.json(), { status: 'success' })
})

test('the package as it is installed elsewhere runs the same example', async (t) => {
  const project = mkdtempSync(join(tmpdir(), 'cascad-kit-'))
  t.after(() => rmSync(project, { recursive: true }))
  execFileSync(process.execPath, ['build.ts', join(project, 'node_modules/@cascad/provider-kit')], { cwd: folder })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const child = start(t, ['--input-type=module', '--eval', example], { PORT: String(port) }, project)
  await whenUp(child, url)
  assert.equal((await post(url, publishedExamples.CREATE_PAYMENT.request)).status, 201)
})
