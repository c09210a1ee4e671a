import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { runConformance } from './conformance.ts'
import {
  type CascadeHandler,
  type CascadeHandlers,
  Conflict,
  createCascadeHandler,
  type HttpAnswer,
  NotFound,
  Refusal,
  toMinor,
  toNodeListener,
} from './provider-kit.ts'
import { api_key } from './test-provider.ts'

/** A provider that does everything right; `change` breaks single handlers. */
function goodProvider(change: Partial<CascadeHandlers> = {}): CascadeHandler {
  let serial = 0
  const payments = new Map<string, 'pending' | 'failed'>()
  const known = (id: string) => {
    const status = payments.get(id)
    if (!status) throw new NotFound()
    return status
  }
  const handlers: CascadeHandlers = {
    async createPayment({ amount }) {
      if (toMinor(amount, 2) < 100n || toMinor(amount, 2) > 10_000_00n) throw new Refusal('AMOUNT_OUT_OF_RANGE', 'no')
      serial += 1
      payments.set(`p-${serial}`, 'pending')
      return { id: `p-${serial}`, status: 'pending', bank: 'B', owner: 'O', cardNumber: '4000000000000002' }
    },
    getPayment: async ({ id }) => ({ status: known(id) }),
    async cancelPayment({ id }) {
      if (known(id) === 'failed') throw new Conflict()
      payments.set(id, 'failed')
    },
    createAppeal: async () => {},
    cancelAppeal: async () => {},
    confirmAppeal: async () => {},
    ...change,
  }
  return createCascadeHandler({ apiKey: api_key, handlers })
}

async function failed(t: TestContext, handler: CascadeHandler): Promise<string[]> {
  const server = createServer(toNodeListener(handler))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const report = await runConformance({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: api_key,
    methods: ['card'],
    currency: 'RUB',
    amount: '3900',
    amountAboveMax: '10000.01',
  })
  assert.equal(report.checks.length, 12)
  assert.equal(
    report.passed,
    report.checks.every(({ id, passed }) => passed || id === 'K3' || id === 'K10'),
  )
  assert.equal(report.supportsIdempotencyKey, !report.checks.some(({ id, passed }) => id === 'K10' && !passed))
  for (const { passed, result, note, remedy } of report.checks) {
    assert.equal(passed, result === 'pass')
    assert.equal(note !== '', !passed)
    assert.equal(remedy !== '', result === 'fail', 'who fails is told what to do')
  }
  return report.checks.filter(({ passed }) => !passed).map(({ id }) => id)
}

type Around = (
  answer: HttpAnswer,
  request: { readonly headers: Record<string, string | undefined>; readonly body: string },
) => HttpAnswer

/** The good provider behind something that changes its answers or requests. */
function spoiled(around: Around, handler = goodProvider()): CascadeHandler {
  return async (request) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const answer = await handler({ ...request, body: bytes })
    return around(answer, { headers: request.headers, body: bytes.toString() })
  }
}
const withId = (answer: HttpAnswer, id: string): HttpAnswer =>
  answer.status === 201 ? { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), id }) } : answer

test('a provider on the kit passes everything', async (t) => {
  assert.deepEqual(await failed(t, goodProvider()), [])
})

test('one that lets everybody in fails K1', async (t) => {
  const handler = goodProvider()
  const open: CascadeHandler = (request) =>
    handler({ ...request, headers: { ...request.headers, 'x-api-key': api_key } })
  assert.deepEqual(await failed(t, open), ['K1'])
})

test('one that knows only the bare spelling fails K3 and is used with it', async (t) => {
  const bare = spoiled((answer, { body }) => (body.includes('CascadeEvents.') ? { ...answer, status: 400 } : answer))
  assert.deepEqual(await failed(t, bare), ['K3'])
})

test('one that gives every payment the same id fails K2, K11 and what follows from it', async (t) => {
  const broken = await failed(
    t,
    spoiled((answer) => withId(answer, 'p-1')),
  )
  assert.ok(['K2', 'K11'].every((id) => broken.includes(id)))
})

test('one that pays at once fails K4', async (t) => {
  const paid = await failed(
    t,
    goodProvider({
      getPayment: async ({ id }) => {
        if (!id.startsWith('p-')) throw new NotFound()
        return { status: 'success' }
      },
    }),
  )
  assert.deepEqual(paid, ['K4'])
})

test('one that breaks on what it does not know fails K5, K6, K7, K8', async (t) => {
  const fragile = spoiled((answer) =>
    answer.status >= 400 && answer.status !== 401 ? { ...answer, status: 500 } : answer,
  )
  assert.deepEqual(await failed(t, fragile), ['K5', 'K6', 'K7', 'K8'])
})

test('one that reads amounts as text fails K9', async (t) => {
  const picky = spoiled((answer, { body }) => (/"amount":\d+\.0/.test(body) ? { ...answer, status: 422 } : answer))
  const broken = await failed(t, picky)
  assert.ok(broken.includes('K9'))
})

test('one without idempotency fails K10, which only tells what it can', async (t) => {
  const handler = goodProvider()
  const forgetful: CascadeHandler = (request) =>
    handler({ ...request, headers: { ...request.headers, 'idempotency-key': undefined } })
  assert.deepEqual(await failed(t, forgetful), ['K10'])
})

test('one that is not there fails without an exception', async () => {
  const options = {
    apiKey: api_key,
    methods: ['card'],
    currency: 'RUB',
    amount: '3900',
    amountAboveMax: '9999',
  } as const
  const report = await runConformance({ url: 'http://127.0.0.1:1/', ...options })
  assert.equal(report.passed, false)
  assert.ok(report.checks.every(({ passed }) => !passed))
  const skipped = report.checks.filter(({ result }) => result === 'skip').map(({ id }) => id)
  assert.deepEqual(skipped, ['K4', 'K7', 'K9', 'K10', 'K11'], 'what needs a payment')
})

test('a run that may take no longer skips what is left, and calls nobody for it', async () => {
  let calls = 0
  const report = await runConformance({
    url: 'http://127.0.0.1:1/',
    apiKey: api_key,
    methods: ['card'],
    currency: 'RUB',
    amount: '3900',
    amountAboveMax: '9999',
    totalTimeoutMs: 0,
    send: async () => {
      calls += 1
      return { status: 200, text: '{}' }
    },
  })
  assert.deepEqual([calls, report.passed], [0, false])
  assert.ok(report.checks.every(({ result }) => result === 'skip'))
})

test('an answer that never ends is not read to its end', async (t) => {
  let written = 0
  const endless = createServer((_request, response) => {
    response.writeHead(201)
    const piece = Buffer.alloc(65_536, 120)
    const write = (): void => {
      if (response.destroyed || written > 200_000_000) return
      written += piece.length
      response.write(piece) ? setImmediate(write) : response.once('drain', write)
    }
    write()
  })
  await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    endless.closeAllConnections()
    endless.close()
  })
  const report = await runConformance({
    url: `http://127.0.0.1:${(endless.address() as AddressInfo).port}`,
    apiKey: api_key,
    methods: ['card'],
    currency: 'RUB',
    amount: '3900',
    amountAboveMax: '9999',
  })
  assert.equal(report.checks.find(({ id }) => id === 'K2')?.result, 'fail')
  assert.ok(written < 200_000_000)
})
