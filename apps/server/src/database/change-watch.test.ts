import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { type Changes, createChangeWatch } from './change-watch.ts'
import { createMemory } from './recent.ts'

const promised_ms = 1000
const longest_ms = 60_000

type Version = { readonly written_at: number; replaced_at: number }
type Writer = { readonly id: number; committed: boolean }
type Waiting = { look: () => void; answer: () => void; fail: () => void }

/** One row of settings as a database with snapshots keeps it, and questions that take as long as the test wants. */
function createModel() {
  let clock = 0
  let next_id = 100
  let version: Version = { written_at: 0, replaced_at: Number.POSITIVE_INFINITY }
  const open: Writer[] = []
  const changes: { id: number; table_name: string }[] = []
  const waiting: Waiting[] = []

  /** Sees the database at the moment of `look`, comes back at the moment of `answer`. */
  const question = <Answer>(look: () => Answer): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    let seen: { readonly answer: Answer } | null = null
    const looked = (): Answer => {
      seen ??= { answer: look() }
      return seen.answer
    }
    waiting.push({ look: looked, answer: () => resolve(looked()), fail: () => reject(new Error('connection lost')) })
    return promise
  }

  const watch = createChangeWatch(
    (floor) =>
      question((): Changes => {
        const running = open.map(({ id }) => id)
        return {
          floor: String(Math.min(next_id, ...running)),
          changes: changes
            .filter(({ id }) => floor !== null && id >= Number(floor))
            .map(({ id, table_name }) => ({ id: `${id} ${table_name}`, table_name })),
        }
      }),
    () => clock,
  )
  const memory = createMemory<Version>(
    10,
    { isFresh: (since) => watch.isFresh(since, longest_ms), confirm: watch.prove },
    () => clock,
  )
  watch.onChange(['accounts'], memory.forgetAll)

  return {
    waiting,
    open,
    now: () => clock,
    pass: (ms: number) => {
      clock += ms
    },
    begin: () => open.push({ id: next_id++, committed: false }),
    commit: (writer: Writer) => {
      open.splice(open.indexOf(writer), 1)
      changes.push({ id: writer.id, table_name: 'accounts' })
      version.replaced_at = clock
      version = { written_at: clock, replaced_at: Number.POSITIVE_INFINITY }
    },
    ask: () => void watch.ask(),
    get: () => memory.get('row', () => question(() => version)),
  }
}

/** Answers all that waits, and what comes of it. */
async function settle(model: ReturnType<typeof createModel>): Promise<void> {
  for (let rounds = 0; rounds < 5; rounds += 1) {
    for (const { answer } of model.waiting.splice(0)) answer()
    await turn()
  }
}

test('whatever the order of writes, questions, answers and faults, no value is older than promised', async () => {
  const steps = ['pass', 'pass', 'begin', 'commit', 'get', 'look', 'answer', 'settle', 'ask', 'fail'] as const
  const step = fc.record({ what: fc.constantFrom(...steps), which: fc.nat(20), ms: fc.nat(700) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80, size: 'max' }), async (all) => {
      const model = createModel()
      const oldest: string[] = []
      const gets: Promise<void>[] = []
      const get = (): void => {
        const asked_at = model.now()
        const got = model.get().then(
          (value) => {
            const age_ms = asked_at - value.replaced_at
            if (age_ms >= promised_ms) oldest.push(`replaced ${age_ms} ms before it was asked for`)
          },
          () => {},
        )
        gets.push(got)
      }
      for (const { what, which, ms } of all) {
        const writer = model.open[which % model.open.length]
        const waiting = model.waiting[which % model.waiting.length]
        if (what === 'pass') model.pass(ms)
        if (what === 'begin') model.begin()
        if (what === 'commit' && writer) model.commit(writer)
        if (what === 'get') get()
        if (what === 'look') waiting?.look()
        if (what === 'settle') await settle(model)
        if (what === 'ask') model.ask()
        if ((what === 'answer' || what === 'fail') && waiting) {
          model.waiting.splice(model.waiting.indexOf(waiting), 1)
          waiting[what]()
        }
        await turn()
      }
      // Whoever uses the value all the time keeps it for as long as no change is found: one that was missed shows now.
      for (let round = 0; round < 5; round += 1) {
        await settle(model)
        model.pass(400)
        get()
      }
      await settle(model)
      await Promise.all(gets)
      assert.deepEqual(oldest, [])
    }),
    { numRuns: 1000 },
  )
})

test('while nobody changes anything, the value is kept for a minute and questions are few', async () => {
  const model = createModel()
  model.ask()
  await settle(model)
  const first = model.get()
  await settle(model)
  const version = await first
  let questions = 0
  for (let used = 0; used < 550; used += 1) {
    model.pass(100)
    const again = model.get()
    await turn()
    questions += model.waiting.length
    await settle(model)
    assert.equal(await again, version)
  }
  assert.ok(questions <= 115, `${questions} questions in 55 seconds`)
})

test('after a long rest one question proves the old value', async () => {
  const model = createModel()
  model.ask()
  await settle(model)
  const first = model.get()
  await settle(model)
  await first
  model.pass(30_000)
  const again = model.get()
  await turn()
  assert.equal(model.waiting.length, 1)
  await settle(model)
  assert.equal(await again, await first)
})

test('an answer proves what was true when it was asked for, not when it came', async () => {
  const model = createModel()
  model.ask()
  await settle(model)
  const first = model.get()
  await settle(model)
  await first
  model.pass(2000)
  model.ask()
  model.pass(900)
  await settle(model)
  model.pass(99)
  model.get()
  await turn()
  const asked = model.waiting.length
  model.pass(1)
  let answered = false
  const again = model.get().then(() => {
    answered = true
  })
  await turn()
  assert.deepEqual([asked, answered], [1, false])
  await settle(model)
  await again
})

test('when the database does not answer, a value is read again after a second', async () => {
  const model = createModel()
  model.ask()
  await settle(model)
  const first = model.get()
  await settle(model)
  await first
  model.pass(promised_ms)
  const again = model.get()
  await turn()
  for (const { fail } of model.waiting.splice(0)) fail()
  await turn()
  assert.equal(model.waiting.length, 1, 'the row is being read')
  for (const { fail } of model.waiting.splice(0)) fail()
  await assert.rejects(again, /connection lost/)
})

test('another server, whose ids have not come so far, proves nothing of what was read before', async () => {
  const floors = ['500', '90', '90']
  let clock = 0
  let drops = 0
  const watch = createChangeWatch(
    async () => ({ floor: floors.shift() as string, changes: [] }),
    () => clock,
  )
  watch.onChange(['accounts'], () => {
    drops += 1
  })
  await watch.ask()
  clock += 600
  await watch.ask()
  assert.equal(drops, 2)
  await watch.ask()
  assert.equal(drops, 2)
})

test('a change of one table leaves the values of others', async () => {
  const answers = [
    { floor: '5', changes: [] },
    { floor: '6', changes: [{ id: '5 accounts', table_name: 'accounts' }] },
  ]
  const dropped: string[] = []
  const watch = createChangeWatch(async () => answers.shift() as Changes)
  await watch.ask()
  for (const table of ['accounts', 'gateways']) watch.onChange([table], () => dropped.push(table))
  await watch.ask()
  assert.deepEqual(dropped, ['accounts'])
})
