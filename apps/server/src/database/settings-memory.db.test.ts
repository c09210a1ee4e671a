import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { startClearingSettingsChanges } from './clear-settings-changes.ts'
import { noticeChanges, type SettingsOwner, settingsMemory, settingsTables } from './settings-memory.ts'

let t: TestContext
before(async () => {
  t = await testContext()
  await t.ctx.sql`insert into accounts (id, name, organisation_id, base_currency) values
    ('coma_one', 'Before', 'org_one', 'EUR'), ('coma_two', 'Before', 'org_two', 'EUR')`
})
after(() => t.close())

const names = settingsMemory<string>({ entries_max: 10, tables: ['accounts'] })

function nameOf(owner: SettingsOwner, id: string): Promise<string> {
  return names(owner).get(id, async () => {
    const [row] = await owner.sql<{ name: string }[]>`select name from accounts where id = ${id}`
    return row?.name ?? 'nobody'
  })
}

/** What another process on the same database would have. */
const anotherProcess = (): SettingsOwner => ({ sql: t.ctx.sql })

test('every table of settings notes what is done to it, and no other table does', async () => {
  const rows = await t.ctx.sql<{ table_name: string; all: boolean }[]>`
    select relname as table_name, (tgtype & 60) = 60 and (tgtype & 1) = 0 and tgenabled = 'O' as all
    from pg_trigger join pg_class on pg_class.oid = tgrelid
    where tgfoid = 'note_settings_change'::regproc order by relname collate "C"`
  assert.deepEqual(
    rows.map(({ table_name }) => table_name),
    [...settingsTables],
  )
  const halves = rows.filter((row) => !row.all).map(({ table_name }) => table_name)
  assert.deepEqual(halves, [], 'after insert, update, delete and truncate, once for each statement')
})

test('what one process writes, another sees after its next question', async () => {
  const [writer, reader] = [anotherProcess(), anotherProcess()]
  await noticeChanges(reader)
  assert.equal(await nameOf(reader, 'coma_one'), 'Before')
  await writer.sql`update accounts set name = 'After' where id = 'coma_one'`
  await noticeChanges(reader)
  assert.equal(await nameOf(reader, 'coma_one'), 'After')
  assert.equal(await nameOf(reader, 'coma_new'), 'nobody')
  await writer.sql`insert into accounts (id, name, organisation_id, base_currency) values ('coma_new', 'New', 'org_new', 'EUR')`
  await noticeChanges(reader)
  assert.equal(await nameOf(reader, 'coma_new'), 'New')
  await writer.sql`delete from accounts where id = 'coma_new'`
  await noticeChanges(reader)
  assert.equal(await nameOf(reader, 'coma_new'), 'nobody')
})

test('a question that finds nothing leaves what is remembered', async () => {
  const reader = anotherProcess()
  await noticeChanges(reader)
  let reads = 0
  const read = () => names(reader).get('counted', async () => `${++reads}`)
  await read()
  await t.ctx.sql`insert into customers (account_id, id, reference_id) values ('coma_one', 'cus_1', 'r')`
  await noticeChanges(reader)
  assert.equal(await read(), '1')
})

test('a transaction that took long is seen when it commits, whatever was committed meanwhile', async () => {
  const reader = anotherProcess()
  const { promise: committing, resolve: commit } = Promise.withResolvers<void>()
  const { promise: written, resolve: wrote } = Promise.withResolvers<void>()
  await t.ctx.sql`update accounts set name = 'Before'`
  await noticeChanges(reader)
  const slow = t.ctx.sql.begin(async (sql) => {
    await sql`update accounts set name = 'Slow' where id = 'coma_one'`
    wrote()
    await committing
  })
  await written
  await t.ctx.sql`update accounts set name = 'Quick' where id = 'coma_two'`
  await noticeChanges(reader)
  assert.deepEqual([await nameOf(reader, 'coma_one'), await nameOf(reader, 'coma_two')], ['Before', 'Quick'])
  commit()
  await slow
  await noticeChanges(reader)
  assert.equal(await nameOf(reader, 'coma_one'), 'Slow')
})

test('writers of settings do not wait for each other', async () => {
  const { promise: committing, resolve: commit } = Promise.withResolvers<void>()
  const { promise: written, resolve: wrote } = Promise.withResolvers<void>()
  const first = t.ctx.sql.begin(async (sql) => {
    await sql`update accounts set name = 'First' where id = 'coma_one'`
    wrote()
    await committing
  })
  await written
  // Would wait until the first one commits, which it does only after this.
  await t.ctx.sql.begin(async (sql) => {
    await sql`set local lock_timeout = '200ms'`
    await sql`update accounts set name = 'Second' where id = 'coma_two'`
  })
  commit()
  await first
})

test('a change that was rolled back is none', async () => {
  const reader = anotherProcess()
  await noticeChanges(reader)
  let reads = 0
  const read = () => names(reader).get('counted', async () => `${++reads}`)
  await read()
  const undone = t.ctx.sql.begin(async (sql) => {
    await sql`update accounts set name = 'Never' where id = 'coma_one'`
    throw new Error('undone')
  })
  await assert.rejects(undone, /undone/)
  await noticeChanges(reader)
  assert.equal(await read(), '1')
})

test('a change whose id a restored dump had already used is seen', async () => {
  const reader = anotherProcess()
  await t.ctx.sql.begin(async (sql) => {
    await sql`
      insert into settings_changes (xid, table_name, changed_at)
      select pg_current_xact_id(), 'accounts', now() - interval '1 hour'`
    await sql`update accounts set name = 'Restored' where id = 'coma_one'`
  })
  await noticeChanges(reader)
  assert.equal(await nameOf(reader, 'coma_one'), 'Restored')
})

test('old changes are forgotten, young ones stay', async () => {
  await t.ctx.sql`update accounts set name = 'Young' where id = 'coma_one'`
  await t.ctx.sql`
    insert into settings_changes (xid, table_name, changed_at) values ('3', 'accounts', now() - interval '25 hours')`
  const chore = startClearingSettingsChanges({ sql: t.ctx.sql, events: t.ctx.events })
  chore.wake()
  await chore.stop()
  const rows = await t.ctx.sql<{ old: boolean }[]>`
    select distinct changed_at < now() - interval '1 day' as old from settings_changes`
  assert.deepEqual(
    rows.map(({ old }) => old),
    [false],
  )
})
