import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { memoryStore } from './answer-store.ts'
import { type CascadeHandlers, NotFound, Refusal } from './provider-kit.ts'
import { publishedExamples } from './published-examples.ts'
import { testProvider } from './test-provider.ts'
import { writeEvent } from './write-event.ts'

const create = publishedExamples.CREATE_PAYMENT.request
const keyed = (key: string) => ({ 'idempotency-key': key })
let serial = 0
const issuing: Partial<CascadeHandlers> = {
  createPayment: async () => {
    await new Promise(setImmediate)
    serial += 1
    return { id: `p-${serial}`, status: 'pending', bank: 'B', owner: 'O', cardNumber: '4000000000000002' }
  },
  createAppeal: async () => {
    await new Promise(setImmediate)
    serial += 1
    return { appealId: `a-${serial}` }
  },
}

test('repeats under one key, before and after the answer, are one payment', async () => {
  const { send, heard } = testProvider(issuing)
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(create, keyed('k'))))
  answers.push(await send(create.replace('3900.00', '3900'), keyed('k')))
  assert.equal(heard.length, 1)
  assert.equal(new Set(answers.map(({ body }) => body)).size, 1)
  assert.equal(heard[0]?.ctx.idempotencyKey, 'k')
})

test('without a key, under another key, and for another event, nothing is held back', async () => {
  const { send, heard } = testProvider(issuing)
  const bodies = new Set<string>()
  for (const headers of [{}, {}, keyed('a'), keyed('b')]) bodies.add((await send(create, headers)).body)
  assert.equal(bodies.size, 4)
  assert.equal((await send(publishedExamples.GET_PAYMENT.request, keyed('a'))).document.status, 'success')
  assert.equal(heard.length, 5)
})

test('a key used for another body is a conflict, and the first answer stays', async () => {
  const { send, heard } = testProvider(issuing)
  const first = await send(create, keyed('k'))
  const other = await send(create.replace('3900.00', '3901'), keyed('k'))
  assert.deepEqual([other.status, other.document.code], [409, 'CONFLICT'])
  assert.equal((await send(create, keyed('k'))).body, first.body)
  assert.equal(heard.length, 1)
})

test('a refusal is repeated, a crash is tried again', async () => {
  const errors: unknown[] = [new Error('down'), new Refusal('NO_REQUISITES', 'none')]
  const { send, heard } = testProvider({
    createPayment: async () => {
      throw errors.shift() ?? new Error('asked too often')
    },
  })
  assert.equal((await send(create, keyed('k'))).status, 500)
  assert.equal((await send(create, keyed('k'))).document.code, 'NO_REQUISITES')
  assert.equal((await send(create, keyed('k'))).document.code, 'NO_REQUISITES')
  assert.equal(heard.length, 2)
})

test('answers are kept for 24 hours', async () => {
  let now_ms = 0
  const { send, heard } = testProvider(issuing, { store: memoryStore(() => now_ms) })
  const first = await send(create, keyed('k'))
  now_ms = 24 * 3_600_000 - 1
  assert.equal((await send(create, keyed('k'))).body, first.body)
  now_ms += 1
  assert.notEqual((await send(create, keyed('k'))).body, first.body)
  assert.equal(heard.length, 2)
})

const appeal = (id: string, amount: string) => writeEvent('CREATE_APPEAL', { id, amount, url: 'https://a/r.pdf' })
const closing = (event: 'CANCEL_APPEAL' | 'CONFIRM_APPEAL', id: string) => writeEvent(event, { id })

test('the same claim is the same appeal while it is open, and a new one afterwards', async () => {
  const { send } = testProvider(issuing)
  const [first, twin] = await Promise.all([send(appeal('p', '4000')), send(appeal('p', '4000'), keyed('k'))])
  assert.deepEqual(first.document, twin.document)
  assert.notEqual((await send(appeal('p', '4001'))).body, first.body)
  assert.notEqual((await send(appeal('q', '4000'))).body, first.body)
  await send(closing('CANCEL_APPEAL', first.document.appealId))
  assert.notEqual((await send(appeal('p', '4000'))).body, first.body)
})

test('an appeal without an id of its own is closed by the id of the payment', async () => {
  const { send, heard } = testProvider({ createAppeal: async () => {} })
  await send(appeal('p', '4000'))
  await send(appeal('p', '4000'))
  assert.equal(heard.length, 1)
  await send(closing('CONFIRM_APPEAL', 'p'))
  await send(appeal('p', '4000'))
  assert.equal(heard.length, 3)
})

test('an appeal that was refused may be sent again', async () => {
  const errors: unknown[] = [new NotFound(), new Error('down')]
  const { send } = testProvider({
    createAppeal: async () => {
      const error = errors.shift()
      if (error) throw error
      return { appealId: 'yes' }
    },
  })
  assert.equal((await send(appeal('p', '1'))).status, 404)
  assert.equal((await send(appeal('p', '1'))).status, 500)
  assert.equal((await send(appeal('p', '1'))).document.appealId, 'yes')
})

test('an appeal whose closing failed here stays the same appeal', async () => {
  const { send } = testProvider({ ...issuing, cancelAppeal: async () => Promise.reject(new Error('down')) })
  const first = await send(appeal('p', '1'))
  assert.equal((await send(closing('CANCEL_APPEAL', first.document.appealId))).status, 500)
  assert.equal((await send(appeal('p', '1'))).body, first.body)
})

test('any order of claims and closings opens an appeal exactly when none is open', async () => {
  const step = fc.record({
    payment: fc.constantFrom('p', 'q'),
    amount: fc.constantFrom('1', '2'),
    close: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { send } = testProvider(issuing)
      const open = new Map<string, string>()
      const seen = new Set<string>()
      for (const { payment, amount, close } of steps) {
        const claim = `${payment} ${amount}`
        const before = open.get(claim)
        if (close) {
          if (before) await send(closing('CONFIRM_APPEAL', before))
          open.delete(claim)
          continue
        }
        const { appealId } = (await send(appeal(payment, amount))).document
        assert.equal(before === undefined ? seen.has(appealId) : appealId !== before, false)
        open.set(claim, appealId)
        seen.add(appealId)
      }
    }),
    { numRuns: 50 },
  )
})
