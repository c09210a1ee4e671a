import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { answering, type Receiver, readEvent, sampleAccount, startReceiver, writeEvents } from './sample-callbacks.ts'
import { xSignature } from './sign-callback.ts'

let t: TestContext
let shop: Receiver
before(async () => {
  t = await testContext()
  shop = await startReceiver(answering(200))
})
after(async () => {
  await shop.close()
  await t.close()
})

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs the command on the test's database, with the secret key of its context. */
function command(...args: string[]): Promise<Ended> {
  const { host, port, database, user, pass } = t.ctx.sql.options
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: `postgres://${user}:${encodeURIComponent(String(pass ?? ''))}@${host}:${port}/${database}`,
    CASCAD_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  }
  const file = fileURLToPath(new URL('resend-command.ts', import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

test('one event is sent by hand, signed with the key of its account', async () => {
  const account = await sampleAccount(t.ctx)
  const [id = ''] = await writeEvents(t.ctx, account.id, [{ url: 'http://127.0.0.1:9/', body: '{"a":1}' }])
  const { code, stdout, stderr } = await command(id, shop.url)
  assert.equal(code, 0, stderr)
  assert.equal(stdout, `${id} to ${shop.url}: delivered, 200.\n`)
  assert.equal(shop.got[0]?.headers['x-signature'], xSignature(account.test_key, '{"a":1}'))
  const refused = await command(id)
  assert.equal(refused.code, 1)
  assert.match(refused.stdout, /not delivered, ECONNREFUSED/)
})

test('a period is left to the workers', async () => {
  const account = await sampleAccount(t.ctx)
  const [id = ''] = await writeEvents(t.ctx, account.id, [{ url: shop.url }])
  await t.ctx.sql`update callback_events set status = 'failed', due_at = null where id = ${id}`
  const day_ms = 86_400_000
  const [from, to] = [new Date(Date.now() - day_ms), new Date(Date.now() + 3_600_000)].map((time) => time.toISOString())
  const { code, stdout, stderr } = await command(`--account=${account.id}`, `--from=${from}`, `--to=${to}`)
  assert.equal(code, 0, stderr)
  assert.equal(stdout, `1 event of ${account.id} will be sent once more by the workers.\n`)
  assert.notEqual((await readEvent(t.ctx, id)).due_at, null)
})

test('what cannot be done is said in a sentence', async () => {
  const cases: [string[], RegExp][] = [
    [[], /^Use one of/],
    [['evt_1', 'http://a/', 'more'], /^Use one of/],
    [['--account=coma_1', '--from=yesterday', '--to=2026-01-01T00:00:00Z'], /^Use one of/],
    [['--amount=1'], /amount[\s\S]*Use one of/],
    [['evt_0000000000000000'], /^There is no event evt_0000000000000000\.$/m],
    [['--account=coma_1', '--from=2026-01-01T00:00:00Z', '--to=2026-01-01T00:30:00Z'], /^The period must be/],
  ]
  for (const [args, text] of cases) {
    const { code, stderr } = await command(...args)
    assert.equal(code, 1, args.join(' '))
    assert.match(stderr, text, args.join(' '))
    assert.doesNotMatch(stderr, /\n {4}at /)
  }
})
