import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { rejectAppeal } from '../appeals/reject-appeal.ts'
import { sampleFiles, sampleReceipt } from '../appeals/sample-files.ts'
import { appealWorld, desk } from '../appeals/sample-world.ts'

const world = appealWorld()

type Told = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** The desks answer in this process, so it must not stand still meanwhile. */
function appeals(...args: string[]): Promise<Told> {
  const file = fileURLToPath(new URL('appeals-command.ts', import.meta.url))
  const CASCAD_SECRET_KEY = Buffer.alloc(32, 7).toString('base64')
  const env = { ...process.env, DATABASE_URL: world.database_url(), CASCAD_SECRET_KEY }
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file, ...args], { env })
    const told = { stdout: '', stderr: '' }
    child.stdout.on('data', (piece) => {
      told.stdout += piece
    })
    child.stderr.on('data', (piece) => {
      told.stderr += piece
    })
    child.on('close', (status) => resolve({ status, ...told }))
  })
}

test('an operator opens an appeal, notes that the desk agrees, and sees every step', async () => {
  const state = await world.failed()
  const file = join(tmpdir(), `receipt-${process.pid}.pdf`)
  writeFileSync(file, sampleFiles.pdf)
  const opened = await appeals('open', state.payment.id, 'not_credited', 'same', file, 'He sent me a scan.')
  assert.equal(opened.status, 0, opened.stderr)
  const [id = ''] = opened.stdout.split(' ')
  await world.work()
  assert.match(
    (await appeals('list')).stdout,
    new RegExp(`^${id} {2}3900\\.00 RUB instead of 3900\\.00 \\(test\\).*waits for the provider, until`),
  )
  assert.match((await appeals('accept', id, 'Agreed by phone.')).stdout, /is confirmed\./)
  assert.equal((await world.stateOf(state)).payment.status, 'processed')
  const shown = (await appeals('show', id)).stdout
  for (const words of [
    'receipts/rcp_',
    'He sent me a scan.',
    'Agreed by phone.',
    'open by operator',
    'accept by operator',
    'accepted → confirmed',
  ])
    assert.ok(shown.includes(words), `${words}\n${shown}`)
  assert.match((await appeals('confirm', id, 'Once more.')).stderr, /Nothing was changed: closed/)
})

test('against a provider’s no one operator is not enough, and forgotten ones stand first', async () => {
  const state = await world.failed()
  const appeal = await world.submitted(state)
  const no = { reason: 'other', text: 'No.', amount_seen_minor: null, evidence: sampleReceipt } as const
  await rejectAppeal(world.ctx(), appeal, desk, no)
  await world.contested(appeal)
  const { sql } = world.ctx()
  await sql`update appeals set deadline_at = now() - interval '1 minute' where id = ${appeal.id}`
  assert.match((await appeals('list', 'arbitration')).stdout, /WAITS FOR AN OPERATOR, OVERDUE since/)
  assert.match((await appeals('confirm', appeal.id, 'I see it.')).stdout, /somebody else has to confirm as well/)
  assert.match((await appeals('confirm', appeal.id, 'I see it.')).stderr, /same_person/)
  assert.match((await appeals('note', appeal.id, 'Ben is looking.')).stdout, /somebody else|is arbitration/)
  await sql`update appeals set confirm_proposed_by = 'ben' where id = ${appeal.id}`
  assert.match((await appeals('confirm', appeal.id, 'I see it.')).stdout, /is confirmed/)
  assert.deepEqual(await world.wrong(), [])
})

test('mistakes are told in a sentence', async () => {
  assert.match((await appeals()).stderr, /^Use one of/)
  assert.match((await appeals('show', 'apl_0000000000000000')).stderr, /There is no appeal/)
  assert.match((await appeals('confirm', 'apl_0000000000000000', 'x')).stderr, /There is no appeal/)
})
