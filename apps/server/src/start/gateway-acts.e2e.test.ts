/** A merchant, a gateway and a scheme made by commands alone, in production mode, take money from a simulated acquirer. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { cards } from '../../../../tests/payer.ts'
import { until } from '../../../../tests/product/time.ts'
import type { Answer } from '../../../../tests/world.ts'
import { createSimulators, type Simulators } from '../../../simulators/src/simulators.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
let database: TestDatabase
let simulators: Simulators
let server: ChildProcess
let env: NodeJS.ProcessEnv
let url: string

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

before(async () => {
  database = await testDatabase()
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    CASCAD_MODE: 'production',
    CASCAD_LOG: 'silent',
    CASCAD_PRIVATE_TARGETS: 'on',
    CASCAD_PUBLIC_URL: url,
    CASCAD_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    DATABASE_URL: database.url,
    PORT: String(port),
  }
  server = spawn(process.execPath, [`${root}apps/server/src/main.ts`], { env, cwd: root, stdio: 'ignore' })
  await until('the server is ready', async () => {
    assert.equal(server.exitCode, null, 'the server has ended')
    const reply = await fetch(`${url}/health/ready`).catch(() => null)
    return reply?.status === 200
  })
})
after(async () => {
  server.kill('SIGTERM')
  if (server.exitCode === null) await once(server, 'exit')
  await simulators.close()
  await database.close()
})

/** Runs a script of the shell with this on its standard input; what it says when all goes well. */
async function shell(script: string, input = ''): Promise<string> {
  const child = spawn('sh', ['-e', '-c', script], { env, cwd: root })
  const told = { stdout: '', stderr: '' }
  child.stdout.on('data', (piece) => (told.stdout += piece))
  child.stderr.on('data', (piece) => (told.stderr += piece))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [status] = (await once(child, 'close')) as [number | null]
  assert.equal(status, 0, `${told.stdout}${told.stderr}`)
  return told.stdout
}

/** What an acquirer's operator would hand over. */
const credentialsOf = (terminal: string): Readonly<Record<string, string>> => ({
  base_url: `${simulators.url}/acquirer`,
  terminal,
  api_key: `sim_key_${terminal}`,
  webhook_secret: `sim_webhook_${terminal}`,
})

/** Both blocks of the README, word for word but for what stands in angle brackets, and the payment they end with. */
function readmeStory(): { readonly script: string; readonly body: Answer } {
  const readme = readFileSync(`${root}README.md`, 'utf8')
  const [, merchant = ''] = /```sh\n(npm run directory:starter\n[\s\S]*?)```/.exec(readme) ?? []
  const [, gateway = '', call = ''] = /```sh\n(npm run gateways -- add [\s\S]*?)\n(curl [\s\S]*?)```/.exec(readme) ?? []
  const given = credentialsOf('first')
  const filled = gateway.replace(/^(\w+)=<.*>$/gm, (_, name: string) => `${name}=${given[name]}`)
  const [, body = ''] = /-d '([^']+)'/.exec(call) ?? []
  return { script: `${merchant}\n${filled}\necho "AUTH $ACCOUNT:$API_KEY"`, body: JSON.parse(body) }
}

let authorization = ''

async function call(method: 'GET' | 'POST', path: string, body?: unknown) {
  const reply = await fetch(`${url}/api${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: reply.status, body: (await reply.json()) as Answer }
}

async function sell(payment: Answer): Promise<Answer> {
  const attributes = { card_number: cards.approved, cvv: '123', exp_month: 12, exp_year: 2031 }
  const reply = await fetch(`${url}/payment/sale`, {
    method: 'POST',
    headers: { authorization: `Bearer ${payment.attributes.flow_data.metadata.token}` },
    body: JSON.stringify({ data: { type: 'sale-operation', attributes } }),
  })
  const body = (await reply.json()) as Answer
  assert.equal(reply.status, 201, JSON.stringify(body))
  return body.data.attributes
}

const chargesOf = (id: string) =>
  simulators.control.ledger().filter(({ reference }) => reference.startsWith(id.slice('cpi_'.length)))

let payments = 0

type Paid = { readonly status: number; readonly id: string; readonly resolution: string | null }

async function pay(changes: object = {}): Promise<Paid> {
  payments += 1
  const reference_id = `p${payments}`
  const { status, body } = await call('POST', '/payment-invoices', { ...readmeStory().body, reference_id, ...changes })
  if (status !== 201) return { status, id: 'cpi_none', resolution: null }
  return { status, id: body.data.id, resolution: (await sell(body.data)).resolution }
}

test('the blocks of the README make a merchant whose payer is charged by the acquirer', async () => {
  const story = readmeStory()
  const told = await shell(story.script)
  const [, account = '', key = ''] = /^AUTH (coma_\w+):(\S{43})$/m.exec(told) ?? []
  assert.ok(account, told)
  for (const words of [
    'Gateway 101, First Acquirer (test), by acquirer;',
    '\nTariff: 1.9 % + 0.10 EUR\n',
    '\n  amount_max=5000.00\n',
    `main.v1 is in force for ${account}`,
  ])
    assert.ok(told.includes(words), `${words}\n${told}`)
  authorization = `Basic ${Buffer.from(`${account}:${key}`).toString('base64')}`
  await shell(`npm run accounts -- settings ${account} allow_host_to_host=true`)

  let first: Answer = null
  await until('the server takes its payments', async () => {
    first = await call('POST', '/payment-invoices', story.body)
    return first.status === 201 && first.body.data.attributes.flow_data?.metadata?.token !== undefined
  })
  assert.match(first.body.data.attributes.hpp_url, /^http/)
  assert.equal((await sell(first.body.data)).resolution, 'ok')
  const { id } = first.body.data
  const { body } = await call('GET', `/payment-invoices/${id}`)
  assert.deepEqual([body.data.attributes.status, body.data.attributes.amount], ['processed', 12.5])
  const attempts = await call('GET', `/payment-invoices/${id}/attempts`)
  assert.match(JSON.stringify(attempts.body), /"gateway_id":101\b/)
  assert.deepEqual(
    chargesOf(id).map(({ terminal, net_amount }) => [terminal, net_amount]),
    [['first', '1250']],
  )
})

test('with other credentials the running server charges at another terminal', async () => {
  const lines = Object.entries(credentialsOf('second')).map(([name, value]) => `${name}=${value}`)
  await shell('npm run gateways -- credentials 101', lines.join('\n'))
  await until('a charge is made at the second terminal', async () => {
    const { id, resolution } = await pay()
    assert.equal(resolution, 'ok')
    return chargesOf(id).some(({ terminal }) => terminal === 'second')
  })
})

test('a drained gateway gets no payment, an enabled one does, within the bounds of its settings', async () => {
  const placed = await call('POST', '/payment-invoices', { ...readmeStory().body, reference_id: 'placed' })
  await shell('npm run gateways -- drain 101')
  await until('no payment is taken', async () => (await pay()).resolution !== 'ok')
  assert.notEqual((await sell(placed.body.data)).resolution, 'ok')
  assert.deepEqual(chargesOf(placed.body.data.id), [])
  await shell('npm run gateways -- settings 101 amount_max=12.49 && npm run gateways -- enable 101')
  await until('payments are taken again', async () => (await pay({ amount: 12.49 })).resolution === 'ok')
  const { id, resolution } = await pay()
  assert.deepEqual([resolution === 'ok', chargesOf(id)], [false, []])
})
