import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, connect as openSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { processesIn } from '../../apps/server/src/database/process-identity.ts'

const program = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url))
let root = ''
let folder = ''

before(() => {
  root = mkdtempSync(join(tmpdir(), 'cascad-start-'))
  chmodSync(root, 0o711)
  folder = join(root, 'data')
})

after(() => {
  const moved = findHome()
  if (moved !== null) rmSync(moved, { recursive: true, force: true })
  rmSync(root, { recursive: true, force: true })
})

function findHome(): string | null {
  try {
    return readFileSync(join(folder, 'postgres-is-at'), 'utf8').trim()
  } catch {
    return null
  }
}

type Started = { readonly child: ChildProcess; readonly output: () => string; readonly ended: Promise<number | null> }

function launch(env: Record<string, string>): Started {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [program], {
    env: { PATH, HOME, NODE_COMPILE_CACHE, PORT: '0', CASCAD_DATA_DIR: folder, CASCAD_LOG: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
  return { child, output: () => output, ended: new Promise((resolve) => child.once('close', resolve)) }
}

/** Starts and waits for the banner; the address it names. */
async function start(env: Record<string, string> = {}): Promise<Started & { readonly url: string }> {
  const started = launch(env)
  const url = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const found = /(http:\/\/127\.0\.0\.1:\d+)\/api\/payment-invoices/.exec(started.output())?.[1]
      if (found) resolve(found)
    }
    started.child.stdout?.on('data', look)
    started.child.once('close', () => reject(new Error(started.output())))
  })
  return { ...started, url }
}

/** What the banner tells people to type: the credentials from their address, then the body from the banner itself. */
async function firstPayment(started: { url: string; output: () => string }): Promise<Response> {
  const credentials = (await (await fetch(`${started.url}/demo/credentials.txt`)).text()).trim()
  const body = /-d '([^']+)'/.exec(started.output())?.[1] ?? ''
  return fetch(`${started.url}/api/payment-invoices`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(credentials)}`, 'content-type': 'application/json' },
    body,
  })
}

function dataFolder(): string {
  return join(findHome() ?? folder, 'postgres')
}

test('the first payment of the banner works, SIGTERM leaves nothing behind, a second start continues', async () => {
  const first = await start()
  assert.equal((await firstPayment(first)).status, 201)
  assert.equal((await fetch(`${first.url}/health/ready`)).status, 200)
  first.child.kill('SIGTERM')
  assert.equal(await first.ended, 0, first.output())
  assert.match(first.output(), /Stopped\.\n$/)
  assert.deepEqual(processesIn(dataFolder()), [])

  const second = await start()
  assert.equal((await firstPayment(second)).status, 409, 'the payment of the first run is still there')
  second.child.kill('SIGINT')
  assert.equal(await second.ended, 0, second.output())
})

test('after a kill -9 the next start carries on, and neither database nor simulators stay behind', async () => {
  const first = await start()
  const { simulators } = (await (await fetch(`${first.url}/demo/credentials.json`)).json()) as { simulators: string }
  // Held open, because another process may soon listen on the port that they leave.
  const line = openSocket(Number(new URL(simulators).port), '127.0.0.1')
  await once(line, 'connect')
  line.resume().on('error', () => {})
  first.child.kill('SIGKILL')
  await first.ended
  const second = await start()
  assert.equal((await firstPayment(second)).status, 409)
  assert.ok(line.closed, 'the simulators of the killed run are gone')
  second.child.kill('SIGTERM')
  assert.equal(await second.ended, 0, second.output())
  assert.deepEqual(processesIn(dataFolder()), [])
})

test('a signal in the middle of a start ends it and leaves nothing behind', async () => {
  const started = launch({})
  await new Promise((resolve) => setTimeout(resolve, 300))
  started.child.kill('SIGTERM')
  await started.ended
  const again = await start()
  again.child.kill('SIGTERM')
  assert.equal(await again.ended, 0, again.output())
  assert.deepEqual(processesIn(dataFolder()), [])
})

test('a second start on the same data is refused, and the first one does not notice', async () => {
  const first = await start()
  const second = launch({})
  assert.equal(await second.ended, 1)
  assert.match(second.output(), /^Cascad cannot start\. Another Cascad \(process \d+\) already runs/)
  assert.equal((await fetch(`${first.url}/health/ready`)).status, 200)
  first.child.kill('SIGTERM')
  assert.equal(await first.ended, 0)
})

test('a taken port is one sentence, without a stack', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as { port: number }
    const refused = launch({ PORT: String(port) })
    assert.equal(await refused.ended, 1)
    assert.match(refused.output(), new RegExp(`^Cascad cannot start\\. Port ${port} is taken [^\\n]+\\n$`))
  } finally {
    server.close()
  }
})

test('production names everything that is missing at once', async () => {
  const refused = launch({ CASCAD_MODE: 'production' })
  assert.equal(await refused.ended, 1)
  for (const name of ['CASCAD_SECRET_KEY', 'DATABASE_URL', 'CASCAD_PUBLIC_URL'])
    assert.match(refused.output(), new RegExp(`- ${name} is missing`))
})

test('the README shows the same first payment as the banner', () => {
  const readme = readFileSync(join(dirname(program), '../../../README.md'), 'utf8')
  const banner = readFileSync(join(dirname(program), 'start/banner.ts'), 'utf8')
  const body = /-d '([^']+)'/
  assert.equal(body.exec(readme)?.[1], body.exec(banner)?.[1])
})
