import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { until } from '../../../../tests/product/time.ts'
import type { Context } from '../context.ts'
import { connect } from '../database/connect.ts'
import { clearOldMails } from './clear-old-mails.ts'
import type { NewMail } from './mail.ts'
import { openMailer } from './open-mailer.ts'
import { queueAgain } from './queue-again.ts'
import { queueMail, type SampleMailServer, sampleMailConfig, sendDue, startMailServer } from './sample-server.ts'
import { lease_ms, sendMail } from './send-mail.ts'
import { claimDueMails } from './table.ts'

const minute_ms = 60_000
const day_ms = 24 * 60 * minute_ms
const refusal = { code: 550, text: 'nobody here' }

let world: TestContext
let server: SampleMailServer
let ctx: Context
// The command has the clock of the machine: what it queues is due for workers of a later day.
let clock = new Date()
const pass = (ms: number): void => {
  clock = new Date(clock.getTime() + ms)
}
before(async () => {
  server = await startMailServer()
  world = await testContext({ now: () => clock, config: { mail: sampleMailConfig(server.port) } })
  ctx = world.ctx
})
after(async () => {
  await world.close()
  await server.close()
})
beforeEach(async () => {
  await ctx.sql`delete from mails`
  server.received.length = 0
  server.refusing.recipient = null
  clock = new Date()
})

type Told = { readonly status: number | null; readonly out: string; readonly err: string }

function run(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Told> {
  const file = fileURLToPath(new URL('mails-command.ts', import.meta.url))
  const CASCAD_SECRET_KEY = Buffer.alloc(32, 7).toString('base64')
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, DATABASE_URL: world.database_url, CASCAD_SECRET_KEY, ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (data) => (out += data))
  child.stderr.on('data', (data) => (err += data))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })))
}

const mails = (...args: readonly string[]): Promise<Told> =>
  run({ CASCAD_SMTP_URL: `smtp://127.0.0.1:${server.port}`, CASCAD_MAIL_FROM: 'payments@cascad.example' }, args)

async function givenUp(to = 'reader@shop.example'): Promise<NewMail> {
  const mail = await queueMail(ctx, { title: 'The appeal', body: 'It was\naccepted.', to })
  server.refusing.recipient = refusal
  await sendDue(ctx)
  server.refusing.recipient = null
  return mail
}

type Row = { status: string; attempts: number; due_at: Date | null; created_at: Date; requeued_at: Date | null }

async function rowOf({ id }: { readonly id: string }): Promise<Row> {
  const [row] = await ctx.sql<Row[]>`
    select status, attempts, due_at, created_at, requeued_at from mails where id = ${id}`
  return row ?? assert.fail(`there is no mail ${id}`)
}

/** Workers look until nothing is due, at every time something is. */
async function tryUntilEnded(mail: NewMail): Promise<number> {
  let tries = 0
  for (let row = await rowOf(mail); row.status === 'queued' && tries < 100; row = await rowOf(mail)) {
    if (row.due_at && row.due_at > clock) clock = row.due_at
    tries += await sendDue(ctx)
  }
  return tries
}

test('an operator finds what was given up, reads it, and sends it again under the same Message-ID and date', async () => {
  const sent = await queueMail(ctx, { to: 'other@shop.example' })
  await sendDue(ctx)
  const [first] = server.received.splice(0)
  assert.ok(first)
  const mail = await givenUp()

  const listed = await mails('list')
  assert.equal(listed.status, 0, listed.err)
  assert.match(
    listed.out,
    new RegExp(
      `^${mail.id}  failed after 1 try at \\S+Z: to merchant r\\*\\*\\*@shop\\.example about apl_0000000000000001, written \\S+Z: "The appeal"; last error: EENVELOPE: .*550 nobody here\\n$`,
    ),
  )
  assert.doesNotMatch(listed.out, /reader@/)
  assert.match((await mails('list', 'sent', 'apl_0000000000000001')).out, new RegExp(`^${sent.id} .*\\n$`))
  assert.match((await mails('list', 'market')).out, /^There is no such mail\.\n$/)
  const shown = await mails('show', mail.id)
  assert.match(shown.out, /\n\nIt was\naccepted\.\n$/)
  assert.doesNotMatch(shown.out, /reader@/)

  const again = await mails('again', mail.id)
  assert.equal(again.out, `${mail.id} is queued again; the worker sends it now.\n`, again.err)
  assert.match((await mails('list', 'queued')).out, new RegExp(`^${mail.id}  queued after 0 tries, next at `))
  pass(minute_ms)
  assert.equal(await sendDue(ctx), 1)
  const [got] = server.received
  assert.deepEqual(got?.headers.get('message-id'), [`<${mail.id}@cascad.example>`])
  assert.equal(Date.parse(got?.headers.get('date')?.[0] ?? ''), Math.floor(mail.created_at.getTime() / 1000) * 1000)
  const row = await rowOf(mail)
  assert.deepEqual([row.status, row.attempts, row.created_at], ['sent', 1, mail.created_at])
  assert.match((await mails('show', mail.id)).out, /sent after 1 try[\s\S]*\n {2}queued again \S+Z\n/)
})

test('it has a whole day again, from the first pause on, however old it is', async () => {
  const mail = await queueMail(ctx)
  server.refusing.recipient = { code: 451, text: 'later' }
  const tries = await tryUntilEnded(mail)
  assert.equal((await rowOf(mail)).status, 'failed')
  pass(3 * day_ms)
  assert.equal(await queueAgain(ctx, mail.id), null)
  const from = clock
  await sendDue(ctx)
  const first = await rowOf(mail)
  assert.deepEqual([first.status, first.attempts, first.due_at], ['queued', 1, new Date(from.getTime() + minute_ms)])
  assert.equal(1 + (await tryUntilEnded(mail)), tries)
  const ended = await rowOf(mail)
  assert.deepEqual([ended.status, ended.attempts], ['failed', tries])
  assert.ok(clock.getTime() - from.getTime() <= day_ms)
})

test('all that were given up: once each, however many ask for it, and nothing else', async () => {
  const failed = [await givenUp('a@shop.example'), await givenUp('b@shop.example'), await givenUp('c@shop.example')]
  const sent = await queueMail(ctx)
  await sendDue(ctx)
  server.received.length = 0
  const told = await Promise.all([
    mails('again', 'failed'),
    mails('again', 'failed'),
    mails('again', failed[0]?.id ?? ''),
  ])
  const queued = told.map(({ out }) =>
    Number(/^Queued again: (\d+)/.exec(out)?.[1] ?? (out.includes('is queued again') ? 1 : 0)),
  )
  assert.equal(
    queued.reduce((sum, one) => sum + one, 0),
    failed.length,
    JSON.stringify(told),
  )
  pass(minute_ms)
  await Promise.all([sendDue(ctx), sendDue(ctx)])
  assert.deepEqual(server.received.map(({ to }) => to[0]).sort(), [
    'a@shop.example',
    'b@shop.example',
    'c@shop.example',
  ])
  assert.equal((await rowOf(sent)).requeued_at, null)
  assert.equal((await mails('again', 'failed')).out, 'No mail waits to be sent again.\n')
})

test('of many at once, one queues', async () => {
  const mail = await givenUp()
  const other = connect(world.database_url, { connections_max: 1, application_name: 'cascad-test' })
  try {
    let asked: ReturnType<typeof queueAgain>[] = []
    await other.begin(async (tx) => {
      await tx`select 1 from mails where id = ${mail.id} for update`
      asked = Array.from({ length: 4 }, () => queueAgain(ctx, mail.id))
      await until('all of them wait for the mail', async () => {
        const rows = await ctx.sql`
          select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%mails%'`
        return rows.length === 4
      })
    })
    assert.deepEqual((await Promise.all(asked)).map(String).sort(), ['null', 'queued', 'queued', 'queued'])
  } finally {
    await other.end({ timeout: 1 })
  }
})

describe('beside a worker that holds a lease', () => {
  const config = () => ({ mailer: openMailer(sampleMailConfig(server.port)), config: sampleMailConfig(server.port) })
  const claim = async () => {
    const [claimed] = await claimDueMails(ctx.sql, {
      now: clock,
      leased_until: new Date(clock.getTime() + lease_ms),
      limit: 1,
    })
    return claimed ?? assert.fail('nothing is due')
  }

  test('a mail that is being tried is not queued again', async () => {
    const mail = await queueMail(ctx)
    const claimed = await claim()
    assert.equal(await queueAgain(ctx, mail.id), 'queued')
    await sendMail(ctx, config(), claimed, new AbortController().signal)
    assert.deepEqual([(await rowOf(mail)).status, server.received.length], ['sent', 1])
  })

  test('the refusal that a slow worker brings home late takes nothing from the new day', async () => {
    const mail = await queueMail(ctx)
    const slow = await claim()
    pass(lease_ms + 1)
    server.refusing.recipient = refusal
    await sendDue(ctx)
    assert.equal((await rowOf(mail)).status, 'failed')
    assert.equal(await queueAgain(ctx, mail.id), null)
    await sendMail(ctx, config(), slow, new AbortController().signal)
    assert.deepEqual([(await rowOf(mail)).status, (await rowOf(mail)).attempts], ['queued', 0])
    server.refusing.recipient = null
    await sendDue(ctx)
    assert.equal((await rowOf(mail)).status, 'sent')
  })
})

test('what cannot be sent again is refused with a sentence, and nothing changes', async () => {
  const sent = await queueMail(ctx)
  await sendDue(ctx)
  const erased = await givenUp()
  await ctx.sql`update mails set created_at = created_at - interval '31 days' where id = ${erased.id}`
  await clearOldMails(ctx)
  const kept = await givenUp('kept@shop.example')
  const queued = await queueMail(ctx)
  const rows = async () => (await ctx.sql`select json_agg(m order by id)::text as all from mails m`)[0]
  const before = await rows()
  const mistakes: readonly [args: readonly string[], pattern: RegExp][] = [
    [[], /^Use one of/],
    [['delete', sent.id], /^Use one of/],
    [['again'], /^Use one of/],
    [['again', kept.id, 'now'], /^Use one of/],
    [['list', 'failed', 'apl_1', 'more'], /^Use one of/],
    [['show', 'mai_nobody'], /^There is no mail mai_nobody\./],
    [['again', 'mai_nobody'], /not queued: there is no such mail\.$/m],
    [['again', sent.id], /not queued: it was sent\.$/m],
    [['again', queued.id], /not queued: it is queued already;/],
    [['again', erased.id], /not queued: its text and its recipient were erased after 30 days\.$/m],
  ]
  for (const [args, pattern] of mistakes) {
    const { status, err } = await mails(...args)
    assert.equal(status, 1, args.join(' '))
    assert.match(err, pattern)
  }
  const away = await run({ CASCAD_SMTP_URL: '', CASCAD_MAIL_FROM: '' }, ['again', 'failed'])
  assert.match(away.err, /^Nothing was queued: there is no mail server; set CASCAD_SMTP_URL/)
  assert.deepEqual(await rows(), before)
  assert.match(
    (await mails('show', erased.id)).out,
    /failed after 1 try .* to merchant about .*: its text was erased\n$/,
  )
})
