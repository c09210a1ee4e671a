/** The outbox against a real mail server on loopback. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import type { MailConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { clearOldMails } from './clear-old-mails.ts'
import { openMailer } from './open-mailer.ts'
import { queueMail, type SampleMailServer, sampleMailConfig, sendDue, startMailServer } from './sample-server.ts'
import { lease_ms, sendMail } from './send-mail.ts'
import { claimDueMails } from './table.ts'

const minute_ms = 60_000
const day_ms = 24 * 60 * minute_ms

let t: TestContext
let clock = new Date('2026-01-02T03:04:05.678Z')
const pass = (ms: number): void => {
  clock = new Date(clock.getTime() + ms)
}
before(async () => {
  t = await testContext({ now: () => clock })
})
after(() => t.close())
beforeEach(() => t.ctx.sql`delete from mails`)

const servers: SampleMailServer[] = []
async function serve(options: Parameters<typeof startMailServer>[0] = {}): Promise<SampleMailServer> {
  const server = await startMailServer(options)
  servers.push(server)
  return server
}
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** The context of an installation that sends through this server. */
const at = (port: number, more: Partial<MailConfig> = {}): Context => ({
  ...t.ctx,
  config: { ...t.ctx.config, mail: sampleMailConfig(port, more) },
})

type Row = {
  status: string
  attempts: number
  last_error: string | null
  due_at: Date | null
  ended_at: Date | null
  recipient: string | null
  body: string | null
}

async function rowOf({ id }: { readonly id: string }): Promise<Row> {
  const [row] = await t.ctx.sql<Row[]>`
    select status, attempts, last_error, due_at, ended_at, recipient, body from mails where id = ${id}`
  assert.ok(row)
  return row
}

test('a mail is sent once, whoever looks for work', async () => {
  const server = await serve()
  const ctx = at(server.port)
  const mail = await queueMail(ctx, { title: 'Оплата – «Вечірній Дніпро»', body: 'Привіт.\n.\nFrom here on' })
  const taken = await Promise.all([sendDue(ctx), sendDue(ctx), sendDue(ctx)])
  assert.deepEqual(taken.sort(), [0, 0, 1])
  assert.equal(await sendDue(ctx), 0)
  assert.equal(server.received.length, 1)
  const [got] = server.received
  assert.deepEqual([got?.from, got?.to], ['payments@cascad.example', ['reader@shop.example']])
  assert.deepEqual(got?.headers.get('subject'), ['Оплата – «Вечірній Дніпро»'])
  assert.deepEqual(got?.headers.get('message-id'), [`<${mail.id}@cascad.example>`])
  assert.deepEqual(got?.headers.get('auto-submitted'), ['auto-generated'])
  assert.deepEqual(got?.headers.get('to'), ['reader@shop.example'])
  assert.equal(got?.text, 'Привіт.\n.\nFrom here on')
  const { status, attempts, due_at, last_error } = await rowOf(mail)
  assert.deepEqual([status, attempts, due_at, last_error], ['sent', 1, null, null])
})

test('nothing is queued where the statement it belongs to changes nothing', async () => {
  const { insertMails } = await import('./insert-mails.ts')
  const { writeMails } = await import('./write-mails.ts')
  const letter = { title: 'T', body: 'B' }
  const to = 'reader@shop.example'
  const mails = writeMails('apl_0000000000000001', [{ audience: 'merchant', to, letter }], clock)
  const { sql } = t.ctx
  await sql`with moved as (select 1 where false), ${insertMails(sql, 'coma_1', mails, sql`moved`)} select 1`
  assert.equal((await sql`select id from mails`).length, 0)
})

test('a server that is away is asked again later', async () => {
  // nobody listens on port 1
  const away = at(1)
  const mail = await queueMail(away)
  await sendDue(away)
  const waiting = await rowOf(mail)
  assert.deepEqual([waiting.status, waiting.attempts], ['queued', 1])
  assert.equal(waiting.due_at?.getTime(), clock.getTime() + minute_ms)
  const server = await serve()
  const back = at(server.port)
  assert.equal(await sendDue(back), 0)
  pass(minute_ms)
  assert.equal(await sendDue(back), 1)
  assert.equal(server.received.length, 1)
  assert.deepEqual((await rowOf(mail)).status, 'sent')
})

describe('what the server answers', () => {
  for (const place of ['recipient', 'message'] as const) {
    test(`not now, to the ${place}: tried again until it is taken`, async () => {
      const server = await serve()
      const ctx = at(server.port)
      const mail = await queueMail(ctx)
      server.refusing[place] = { code: 451, text: 'come back later, 4000123412341234' }
      await sendDue(ctx)
      const waiting = await rowOf(mail)
      assert.deepEqual([waiting.status, waiting.attempts], ['queued', 1])
      assert.match(waiting.last_error ?? '', /451 come back later/)
      assert.doesNotMatch(waiting.last_error ?? '', /4000123412341234/)
      server.refusing[place] = null
      pass(minute_ms)
      await sendDue(ctx)
      assert.equal(server.received.length, 1)
      assert.equal((await rowOf(mail)).status, 'sent')
    })

    test(`never, to the ${place}: not tried again`, async () => {
      const server = await serve()
      const ctx = at(server.port)
      const mail = await queueMail(ctx)
      server.refusing[place] = { code: 550, text: 'nobody here called reader@shop.example' }
      await sendDue(ctx)
      const ended = await rowOf(mail)
      assert.deepEqual([ended.status, ended.attempts, ended.due_at], ['failed', 1, null])
      assert.match(ended.last_error ?? '', /550 nobody here called \*\*\*/)
      server.refusing[place] = null
      pass(day_ms)
      assert.equal(await sendDue(ctx), 0)
    })
  }

  test('not your login: the mail waits for whoever mends that, and the password is kept nowhere', async () => {
    const server = await serve({ password: 'the right one' })
    const login = (password: string): Partial<MailConfig> => ({
      smtp: { host: '127.0.0.1', port: server.port, secure: false, login: { user: 'cascad-user', password } },
    })
    const mail = await queueMail(t.ctx)
    await sendDue(at(server.port, login('a wrong one')))
    const waiting = await rowOf(mail)
    assert.equal(waiting.status, 'queued')
    assert.match(waiting.last_error ?? '', /535/)
    assert.doesNotMatch(waiting.last_error ?? '', /a wrong one|cascad-user/)
    pass(minute_ms)
    await sendDue(at(server.port, login('the right one')))
    assert.equal((await rowOf(mail)).status, 'sent')
  })

  test('a password never goes in clear to another machine', async () => {
    const server = await serve({ password: 'the right one' })
    const smtp = {
      // the machine itself, under an address that does not say so
      host: '0.0.0.0',
      port: server.port,
      secure: false,
      login: { user: 'u', password: 'the right one' },
    }
    const mail = await queueMail(t.ctx)
    await sendDue(at(server.port, { smtp }))
    const { status, last_error } = await rowOf(mail)
    assert.deepEqual([status, server.received.length], ['queued', 0])
    assert.match(last_error ?? '', /ETLS|STARTTLS/)
  })

  test('a server whose certificate nobody vouches for gets nothing', async () => {
    const server = await serve({ tls: true })
    const mail = await queueMail(t.ctx)
    await sendDue(at(server.port))
    const { status, last_error } = await rowOf(mail)
    assert.deepEqual([status, server.received.length], ['queued', 0])
    assert.match(last_error ?? '', /certificate/)
  })

  test('for a day, then the mail is given up', async () => {
    const server = await serve()
    const ctx = at(server.port)
    const mail = await queueMail(ctx)
    server.refusing.recipient = { code: 451, text: 'later' }
    let tries = 0
    while ((await rowOf(mail)).status === 'queued' && tries < 100) {
      tries += await sendDue(ctx)
      const { due_at } = await rowOf(mail)
      if (due_at) clock = due_at
    }
    assert.equal((await rowOf(mail)).status, 'failed')
    // 1, 2, 4, 8, 16, 32 minutes, and an hour each until the day is over
    assert.equal(tries, 1 + 6 + 22)
  })
})

test('a worker that dies after the server took the mail lets it go out once more, under the same Message-ID', async () => {
  const server = await serve()
  const ctx = at(server.port)
  const mail = await queueMail(ctx)
  const script = `
    import { connect } from '${new URL('../database/connect.ts', import.meta.url)}'
    import { createEvents } from '${new URL('../events.ts', import.meta.url)}'
    import { sendDue, sampleMailConfig } from '${new URL('./sample-server.ts', import.meta.url)}'
    const sql = connect(process.env.DATABASE_URL, { connections_max: 1, application_name: 'cascad-test' })
    const events = createEvents({ log_level: 'silent', role: 'worker' })
    const config = { mail: sampleMailConfig(${server.port}) }
    await sendDue({ sql, events, config, now: () => new Date('${clock.toISOString()}') })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, DATABASE_URL: t.database_url },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const gone = once(child, 'exit')
  server.meanwhile(async () => {
    child.kill('SIGKILL')
    await gone
  })
  await gone
  assert.equal(server.received.length, 1)
  assert.deepEqual([(await rowOf(mail)).status, (await rowOf(mail)).attempts], ['queued', 0])
  assert.equal(await sendDue(ctx), 0)
  pass(lease_ms + 1)
  server.meanwhile(async () => {})
  assert.equal(await sendDue(ctx), 1)
  assert.equal((await rowOf(mail)).status, 'sent')
  const ids = server.received.map(({ headers }) => headers.get('message-id')?.[0])
  assert.deepEqual(ids, [`<${mail.id}@cascad.example>`, `<${mail.id}@cascad.example>`])
})

test('a stop ends a try with a server that says nothing, and the try counts for nothing', async () => {
  const silent = createServer()
  silent.listen(0, '127.0.0.1')
  silent.unref()
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number }
  const ctx = at(port)
  const mail = await queueMail(ctx)
  const config = sampleMailConfig(port)
  const [claimed] = await claimDueMails(ctx.sql, {
    now: clock,
    leased_until: new Date(clock.getTime() + lease_ms),
    limit: 1,
  })
  assert.ok(claimed)
  const stopping = new AbortController()
  const connected = once(silent, 'connection')
  const sending = sendMail(ctx, { mailer: openMailer(config), config }, claimed, stopping.signal)
  const [socket] = await connected
  stopping.abort()
  await sending
  assert.deepEqual([(await rowOf(mail)).status, (await rowOf(mail)).attempts], ['queued', 0])
  socket.destroy()
  silent.close()
})

test('no name adds a header, a recipient or a mail', async () => {
  const server = await serve()
  const ctx = at(server.port)
  const evil =
    'Shop\r\nBcc: thief@evil.example\r\nSubject: other\u0000\u2028\u202e\r\n\r\n.\r\nMAIL FROM:<x@evil.example>'
  await queueMail(ctx, { title: `News of ${evil}`, body: `From\r\n.\r\nRCPT TO:<thief@evil.example>\r\n${evil}` })
  await sendDue(ctx)
  assert.equal(server.received.length, 1)
  const [got] = server.received
  assert.deepEqual(got?.to, ['reader@shop.example'])
  assert.equal(got?.headers.has('bcc'), false)
  assert.equal(got?.headers.get('subject')?.length, 1)
  assert.match(got?.headers.get('subject')?.[0] ?? '', /^News of Shop Bcc: thief@evil\.example Subject: other/)
  for (const to of ['a@b.example\r\nBcc: c@d.example', 'a@b.example, c@d.example', '<a@b.example>', 'a b@c.example'])
    await assert.rejects(queueMail(ctx, { to }), /no address/)
})

test('after thirty days nothing is left of whom it went to and what it said', async () => {
  const server = await serve()
  const ctx = at(server.port)
  const sent = await queueMail(ctx)
  await sendDue(ctx)
  const never = await queueMail(ctx)
  pass(30 * day_ms)
  const young = await queueMail(ctx)
  await clearOldMails(ctx)
  assert.deepEqual(
    [(await rowOf(sent)).recipient, (await rowOf(never)).recipient],
    ['reader@shop.example', 'reader@shop.example'],
  )
  pass(1)
  await clearOldMails(ctx)
  const rows = [await rowOf(sent), await rowOf(never), await rowOf(young)]
  assert.deepEqual(
    rows.map(({ status, recipient, body }) => [status, recipient, body]),
    [
      ['sent', null, null],
      ['failed', null, null],
      ['queued', 'reader@shop.example', 'A text.'],
    ],
  )
})
