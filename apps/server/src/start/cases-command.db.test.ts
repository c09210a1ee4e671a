import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { userInfo } from 'node:os'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { until } from '../../../../tests/product/time.ts'
import { appealWorld, success } from '../appeals/sample-world.ts'
import { eraseRequisites } from '../cascades/erase-requisites.ts'
import { openCase } from '../cascades/open-case.ts'
import type { ProviderCaseKind } from '../cascades/provider-payment.ts'
import { readBalance } from '../cascades/read-balance.ts'
import { connect } from '../database/connect.ts'
import type { State } from '../payments/find-payment.ts'

const world = appealWorld()
const operator = userInfo().username

type Told = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

function start(...args: string[]) {
  const file = fileURLToPath(new URL('cases-command.ts', import.meta.url))
  const CASCAD_SECRET_KEY = Buffer.alloc(32, 7).toString('base64')
  const env = { ...process.env, DATABASE_URL: world.database_url(), CASCAD_SECRET_KEY }
  return spawn(process.execPath, [file, ...args], { env })
}

function cases(...args: string[]): Promise<Told> {
  return new Promise((resolve) => {
    const child = start(...args)
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

const sql = () => world.ctx().sql

/** The payer had ended it, and paid all the same. */
async function paidAfterEnd(): Promise<{ state: State; id: string }> {
  const ended = await world.tell(await world.issued(), { type: 'given_up', then: 'end' })
  const state = await world.tell(ended, success)
  const [row] = await sql()<{ id: string }[]>`select id from provider_cases where payment_id = ${state.payment.id}`
  return { state, id: row?.id ?? '' }
}

async function caseOf(state: State, kind: ProviderCaseKind): Promise<string> {
  const row = await world.rowOf(state)
  await openCase(world.ctx(), sql(), { ...row, kind, detail: 'seen' })
  const [found] = await sql()<{ id: string }[]>`
    select id from provider_cases where attempt_id = ${row.attempt_id} and kind = ${kind}`
  return found?.id ?? ''
}

test('an operator finds what waits for him, reads it, and gives the money back once', async () => {
  const { state, id } = await paidAfterEnd()
  const { payment } = state
  assert.match(
    (await cases('list', 'late_success', payment.id)).stdout,
    new RegExp(`^${id} {2}late_success, OPEN: ${payment.id}`),
  )
  assert.match(
    (await cases('receipts')).stdout,
    new RegExp(`${id} {2}3900\\.00 RUB \\(test\\) for ${payment.id}, terminated`),
  )
  assert.match((await cases('close', id, 'Seen.')).stderr, /still stands on unallocated receipts/)
  assert.match((await cases('credit', id, 'He delivered.')).stderr, /the payment was ended and stays so/)
  const done = await cases('return', id, 'SEPA 17', 'By bank transfer.')
  assert.match(done.stdout, /^3900\.00 RUB was returned; cpi_\w+ is terminated\.$/m, done.stderr)
  assert.match((await cases('return', id, 'SEPA 17', 'By bank transfer.')).stderr, /nothing of it stands/)
  const shown = (await cases('show', id)).stdout
  for (const words of [
    `closed by ${operator}`,
    `returned by ${operator} (SEPA 17): By bank transfer.`,
    'CREATE_PAYMENT → 201',
    'success, late',
  ])
    assert.ok(shown.includes(words), `${words}\n${shown}`)
  assert.doesNotMatch(shown, /\b\d{12}/, 'no number in full')
  assert.match((await cases('list', payment.id)).stdout, /There is no such case/)
  assert.deepEqual(await world.wrong(), [])
})

for (const [when, undone] of [
  ['before', true],
  ['after', false],
] as const) {
  test(`an operator’s process that is killed ${when} its decision is committed may be started again: once`, async () => {
    const { state, id } = await paidAfterEnd()
    const decisions = async () =>
      (await sql()`select 1 from receipt_decisions where payment_id = ${state.payment.id}`).length
    const holder = connect(world.database_url(), { connections_max: 1, application_name: 'cascad-test-door' })
    try {
      await holder`begin`
      await holder`select 1 from payments where id = ${state.payment.id} for update`
      const child = start('return', id, 'SEPA 17', 'By bank transfer.')
      const gone = once(child, 'exit')
      const waiting = async () => sql()<{ pid: number }[]>`
        select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      await until('the decision waits for the payment', async () => (await waiting()).length === 1)
      const pid = (await waiting())[0]?.pid ?? 0
      child.kill('SIGKILL')
      await gone
      if (undone) await sql()`select pg_terminate_backend(${pid})`
      await holder`rollback`
      await until('what was sent has ended', async () => {
        const busy = await sql()`select 1 from pg_stat_activity where pid = ${pid} and state <> 'idle'`
        return busy.length === 0
      })
    } finally {
      await holder.end({ timeout: 5 })
    }
    assert.equal(await decisions(), undone ? 0 : 1)
    const again = await cases('return', id, 'SEPA 17', 'By bank transfer.')
    assert.match(undone ? again.stdout : again.stderr, undone ? /was returned/ : /nothing of it stands/)
    assert.equal(await decisions(), 1)
    assert.deepEqual(await world.wrong(), [])
  })
}

test('the merchant is credited beside a payment that takes no money any more, if that is said', async () => {
  const { id } = await paidAfterEnd()
  const done = await cases('credit-beside', id, 'He delivered.')
  assert.match(done.stdout, /^3900\.00 RUB was credited to the merchant/, done.stderr)
  assert.deepEqual(await world.wrong(), [])
})

test('what is about no money is closed with a note', async () => {
  const id = await caseOf(await world.failed(), 'provider_lost_payment')
  assert.match((await cases('close', id, 'Their database was restored.')).stdout, /is closed/)
  assert.match((await cases('close', id, 'Again.')).stderr, new RegExp(`was closed by ${operator}`))
  assert.match((await cases('credit', id, 'x')).stderr, /about no money/)
})

test('requisites are shown in full to whoever says why, and that he looked is kept', async () => {
  const state = await world.issued()
  const { id } = state.payment
  assert.match((await cases('reveal', id)).stderr, /^Use one of/)
  assert.equal((await sql()`select 1 from requisites_views`).length, 0)
  const seen = await cases('reveal', id, 'The', 'bank', 'asks.')
  assert.match(seen.stdout, /^\d{13,19}\n.+\n.+\n$/, seen.stderr)
  const [view] = await sql()`select by_name, reason, erased from requisites_views`
  assert.deepEqual(view, { by_name: operator, reason: 'The bank asks.', erased: false })
  await world.tell(state, { type: 'given_up', then: 'end' })
  const later = new Date(Date.now() + 100 * 86_400_000)
  await eraseRequisites({ sql: sql(), now: () => later })
  assert.match((await cases('reveal', id, '1', 'Once more.')).stderr, /They were erased/)
  assert.equal((await sql()`select 1 from requisites_views where erased`).length, 1)
})

test('a provider is asked once more, however long ago the last question was', async () => {
  const state = await world.failed()
  const row = await world.rowOf(state)
  await sql()`update provider_payments set poll_at = null where attempt_id = ${row.attempt_id}`
  assert.match((await cases('ask', state.payment.id)).stdout, /Attempt 1 of .* is asked about by the worker now/)
  const due = (await world.rowOf(state)).poll_at
  assert.ok(due !== null && due <= new Date())
})

test('a balance is corrected by two operators', async () => {
  const { provider_id } = await world.rowOf(await world.issued())
  const [provider] = await sql()<{ settlement_currency: string }[]>`select * from providers where id = ${provider_id}`
  const total = async () =>
    (await readBalance(sql(), { id: provider_id, settlement_currency: provider?.settlement_currency ?? '' }, true))
      .total_minor
  const before = await total()
  const asked = await cases('correct', provider_id, 'test', '-1.5', 'A top-up was confirmed twice.')
  const [id = ''] = asked.stdout.split(' ')
  assert.match(id, /^cor_\w{16}$/, asked.stderr)
  assert.match((await cases('approve', provider_id, id)).stderr, /another operator has to/)
  await sql()`update provider_corrections set requested_by = 'ann' where id = ${id}`
  assert.match((await cases('approve', provider_id, id, 'I see it.')).stdout, /is approved/)
  assert.equal(before - (await total()), 1_500_000n)
  assert.match(
    (await cases('corrections', provider_id, 'test')).stdout,
    /-1\.500000 USDT, approved by .* asked for by ann/,
  )
  assert.deepEqual(await world.wrong(), [])
})

test('mistakes are told in a sentence', async () => {
  assert.match((await cases()).stderr, /^Use one of/)
  assert.match((await cases('show', 'prx_0000000000000000')).stderr, /There is no case/)
})
