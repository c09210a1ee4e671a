import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import postgres from 'postgres'
import { testDatabase } from '../../../../tests/database.ts'
import { connect, type Sql } from './connect.ts'
import { withStatements } from './statement.ts'

type Sent = { readonly text: string; readonly values: readonly unknown[] }

const sent: Sent[] = []

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
let db: Awaited<ReturnType<typeof testDatabase>>
let sql: Sql

before(async () => {
  db = await testDatabase()
  const watch = (text: string, values: readonly unknown[]): void => void sent.push({ text, values: [...values] })
  sql = connect(db.url, { connections_max: 2, application_name: 'statements', watch })
})

after(async () => {
  await sql.end()
  await db.close()
})

test('parts stand where they were put, their values in the order of the places', async () => {
  const part = sql`b = ${2} ${sql``}`
  const all = [part, sql`c = ${'x'}`].reduce((one, two) => sql`${one} and ${two}`)
  const rows = await sql`select a from (values (1, 2, 'x')) as t (a, b, c) where a = ${1} and ${all}`
  assert.deepEqual([...rows], [{ a: 1 }])
  const { text, values } = sent.at(-1) as Sent
  assert.match(text, /where a = \$1 and b = \$2 {2}and c = \$3$/)
  assert.deepEqual(values, [1, 2, 'x'])
})

test('a list of parts is written one after another; a list of anything else is a value', async () => {
  const either = [1, 2].map((one) => sql`or a = ${one}`)
  const rows = await sql<
    { a: number }[]
  >`select a from generate_series(0, 4) a where (false ${either}) and a = any (${[2, 3]})`
  assert.deepEqual([...rows], [{ a: 2 }])
  const named = [1, 2].map((one) => sql`or ${sql('a')} = ${one}`)
  assert.equal((await sql`select a from generate_series(0, 4) a where false ${named}`).length, 2)
})

test('nothing is sent before somebody waits, and then once', async () => {
  const before = sent.length
  const statement = sql`select ${1}::int as one`
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(sent.length, before)
  const both = await Promise.all([statement, statement])
  assert.deepEqual(
    both.map(([row]) => row?.one),
    [1, 1],
  )
  assert.equal(sent.length, before + 1)
})

test('names and lists of columns are written by the library, also in parts', async () => {
  await sql`create table things (id integer, name text)`
  await sql`insert into ${sql('things')} ${sql([{ id: 1, name: 'one' }])}`
  const found = sql`where id = ${1} and ${sql('name')} = ${'one'}`
  assert.deepEqual([...(await sql`select ${sql(['id', 'name'])} from things ${found}`)], [{ id: 1, name: 'one' }])
})

test('a ready text stands in a template, and is a statement by itself', async () => {
  const from = sql.unsafe('generate_series(1, 3)')
  assert.equal((await sql`select * from ${from} as n where n > ${1}`).length, 2)
  const sums = ['1 as one', ', 2 as two'].map((text) => sql.unsafe(text))
  assert.deepEqual([...(await sql`select ${sums}`)], [{ one: 1, two: 2 }])
  assert.deepEqual([...(await sql.unsafe('select $1::int as a', [1]))], [{ a: 1 }])
})

test('when it has its answer, nothing holds what was in reach where it was written', async () => {
  const first = async (): Promise<readonly WeakRef<object>[]> => {
    const card = { number: '4000000000000000'.padEnd(64, '0') }
    const asked = async (): Promise<unknown> =>
      await sql`select ${card.number}::text as number, ${sql`${1}::int`} as one`
    const rows = (await asked()) as object
    return [new WeakRef(card), new WeakRef(rows)]
  }
  const kept = await first()
  // A collection in the middle of a job keeps what the job has looked at.
  for (let tries = 0; tries < 50 && kept.some((one) => one.deref()); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    collect()
  }
  assert.deepEqual(
    kept.map((one) => one.deref()),
    [undefined, undefined],
  )
})

test('a transaction, what is undone in it, and a reserved connection take parts too', async () => {
  await sql`create table steps (id integer)`
  const add = (on: Sql, id: number) => on`insert into steps ${on`values (${id})`}`
  await sql.begin('isolation level serializable', async (tx) => {
    await add(tx as never, 1)
    await tx
      .savepoint(async (inner) => {
        await add(inner as never, 2)
        throw new Error('undone')
      })
      .catch(() => {})
  })
  const mine = await sql.reserve()
  await add(mine, 3)
  mine.release()
  const rows = await sql<{ id: number }[]>`select id from steps order by id`
  assert.deepEqual(
    rows.map(({ id }) => id),
    [1, 3],
  )
})

test('an error of the database tells the statement and where it stands in the code', async () => {
  const failing = async (): Promise<unknown> => await sql`select ${1}::int / ${0}::int`
  const error = (await failing().catch((thrown: unknown) => thrown)) as Error & { code: string; query: string }
  assert.equal(error.code, '22012')
  assert.equal(error.query, 'select $1::int / $2::int')
  assert.match(error.stack ?? '', /failing .*statement\.db\.test\.ts/)
  assert.equal(await failing().catch(() => 'seen'), 'seen')
})

type Tree = { readonly parts: readonly (Tree | number)[] }

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    parts: fc.array(fc.oneof({ depthSize: 'small' }, fc.integer({ max: 99, min: 0 }), tie('tree')), { maxLength: 4 }),
  }),
})).tree

test('whatever the tree of parts, the database gets what the library would have sent', async () => {
  const told: Sent[] = []
  const plain = postgres(db.url, { max: 1, debug: (_c, text, values) => void told.push({ text, values: [...values] }) })
  const ours = withStatements(plain as unknown as Sql)
  const write = (on: Sql, { parts }: Tree): postgres.PendingQuery<postgres.Row[]> => {
    const strings = ['(0', ...parts.map((_, i) => (i === parts.length - 1 ? ')' : ' + '))]
    const values = parts.map((part) => (typeof part === 'number' ? on`+ ${part}::int` : on`+ ${write(on, part)}`))
    const template = Object.assign(parts.length === 0 ? ['(0)'] : strings, { raw: strings })
    return on(template as unknown as TemplateStringsArray, ...(values as never[]))
  }
  await fc.assert(
    fc.asyncProperty(tree, async (one) => {
      told.length = 0
      const [ourRows, theirRows] = [
        await ours`select ${write(ours, one)} as sum`,
        await (plain as unknown as Sql)`select ${write(plain as unknown as Sql, one)} as sum`,
      ]
      assert.deepEqual([...ourRows], [...theirRows])
      const [ourSent, theirSent] = told.filter(({ text }) => text.startsWith('select (0'))
      assert.deepEqual(ourSent, theirSent)
    }),
    { numRuns: 60 },
  )
  await plain.end()
})
