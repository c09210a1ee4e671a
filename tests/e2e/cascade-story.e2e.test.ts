/** Payments by transfer from beginning to end, over HTTP, as merchant, payer and both providers see them. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decideAppeal } from '../../apps/server/src/appeals/decide-appeal.ts'
import { findAppealById } from '../../apps/server/src/appeals/find-appeal.ts'
import { verifyLedger } from '../../apps/server/src/ledger/verify.ts'
import type { TraderAppeal } from '../../apps/simulators/src/traders/desk.ts'
import { type DeskName, gateways, openStory, receipt, type Story, until } from './cascade-story-world.ts'

let story: Story
before(async () => {
  story = await openStory()
})
after(() => story?.close())

/** Millionths of a USDT. */
const micro = (amount: string): bigint => BigInt(amount.replace('.', ''))
/** What the lines of a statement have made of the balance. */
const sum = (lines: readonly string[]): bigint => lines.reduce((all, line) => all + micro(line.split(' ')[1] ?? ''), 0n)

const appealAt = (desk: DeskName): TraderAppeal | undefined => story.desks.appeals(desk).at(-1)
const deskHas = (desk: DeskName, state: string) =>
  until(`${state} at the desk`, async () => appealAt(desk)?.state === state)
const deskHasTold = (desk: DeskName) => until('the verdict told', async () => appealAt(desk)?.told.state === 'told')

async function operatorDecides(appeal_id: string, name: string, verdict: 'confirm' | 'cancel'): Promise<void> {
  const { ctx } = story.world
  const appeal = await findAppealById(ctx.sql, appeal_id)
  assert.ok(appeal)
  const operator = { side: 'operator', name, ip: null } as const
  const { result } = await decideAppeal(ctx, appeal, operator, { verdict, comment: 'The bank was asked.' })
  assert.equal(result, 'moved')
}

const triesOf = async (id: string): Promise<[number, string][]> =>
  (await story.attempts(id)).map(({ attributes }) => [attributes.gateway_id, attributes.status])

describe('a refusal moves on', () => {
  test('the second desk gives requisites and is paid: callbacks, balance and statement say so', async () => {
    const before = { volga: await story.balance('volga'), neva: await story.balance('neva') }
    const id = await story.invoice({ amount: 8550.17 })
    const { desk, order } = await story.issued(id)
    assert.equal(desk, 'neva')
    assert.deepEqual(await triesOf(id), [
      [gateways.volga, 'declined'],
      [gateways.neva, 'incomplete'],
    ])
    assert.equal((await story.balance('neva')).held, '100.001989')
    assert.deepEqual(await story.balance('volga'), before.volga)
    story.pass(1)
    const paid = await story.reaches(id, 'processed')
    assert.deepEqual([paid.resolution, paid.processed_amount], ['ok', 8550.17])
    const [, attempt] = await story.attempts(id)
    assert.deepEqual([attempt.attributes.status, attempt.attributes.winner], ['approved', true])
    const told = await story.toldUntil(id, ['process_pending', 'processed'])
    assert.equal(told.filter(({ attributes }) => attributes.status === 'processed').length, 1)
    assert.deepEqual(await story.statement('neva', attempt.id), [
      'provider_hold -100.001989',
      'provider_debit 0.000000',
    ])
    const after = await story.balance('neva')
    assert.equal(micro(before.neva.available) - micro(after.available), 100_001_989n)
    assert.equal(after.held, '0.000000')
    const { body } = await story.dashboard('neva').get(`/payments?id=${order.id}`)
    assert.deepEqual([body.payments[0].state, body.payments[0].settlement_amount], ['success', '100.001989'])
    const refused = (await story.dashboard('volga').get('/payments?state=refused')).body.payments[0]
    assert.deepEqual([refused.amount, refused.reason], ['8550.17', 'NO_REQUISITES'])
  })

  test('nobody has requisites: the payer goes on to the page of a bank, and pays there', async () => {
    const before = { volga: await story.balance('volga'), neva: await story.balance('neva') }
    const id = await story.invoice({ amount: 5200.1 })
    await until('the bank', async () => (await triesOf(id)).at(-1)?.join() === `${gateways.bank},incomplete`)
    const { flow_data } = await story.attributes(id)
    const page = await fetch(flow_data.action, { redirect: 'follow' })
    assert.ok(page.url.startsWith(`${story.world.simulators.url}/redirect/`), page.url)
    assert.match(await page.text(), /5,200\.10/)
    assert.deepEqual(await triesOf(id), [
      [gateways.volga, 'declined'],
      [gateways.neva, 'declined'],
      [gateways.bank, 'incomplete'],
    ])
    assert.deepEqual({ volga: await story.balance('volga'), neva: await story.balance('neva') }, before)
    await fetch(page.url, { method: 'POST', body: new URLSearchParams({ choice: 'pay' }), redirect: 'manual' })
    await story.toldUntil(id, ['processed'])
  })
})

describe('another amount arrives', () => {
  test('the merchant complains with a receipt, the desk agrees, and everything is corrected', async () => {
    const before = await story.balance('volga')
    story.desks.script('volga', { steps: ['issue_wrong:3500'] })
    const id = await story.invoice()
    const { order } = await story.issued(id)
    story.pass(1)
    await story.reaches(id, 'process_failed')
    const { id: appeal_id } = await story.appeal(id, { reason: 'wrong_amount', amount: 3500 })
    await story.appealReaches(id, appeal_id, 'confirmed')
    const claim = appealAt('volga')
    assert.deepEqual([claim?.payment_id, claim?.amount, claim?.verdict], [order.id, '3500', 'accept'])
    await deskHasTold('volga')
    const paid = await story.attributes(id)
    assert.deepEqual([paid.status, paid.amount, paid.processed_amount], ['partially_processed', 3900, 3500])
    const steps = ['opened', 'submitted', 'accepted', 'confirmed']
    const told = await story.toldUntil(appeal_id, steps)
    assert.deepEqual([told.length, new Set(told.map(({ type }) => type))], [4, new Set(['payment-appeals'])])
    await story.toldUntil(id, ['process_pending', 'process_failed', 'partially_processed'])
    const [attempt] = await story.attempts(id)
    const after = await story.balance('volga')
    assert.equal(micro(before.available) - micro(after.available), 40_935_673n)
    assert.deepEqual([after.held, after.frozen], ['0.000000', '0.000000'])
    const lines = await story.statement('volga', attempt.id)
    assert.equal(sum(lines), -40_935_673n, lines.join(', '))
  })

  test('the receipt is at the address that the desk was told, as it was handed in, and for nobody without it', async () => {
    story.desks.script('volga', { steps: ['issue_wrong:3500'] })
    const id = await story.invoice()
    await story.issued(id)
    story.pass(1)
    await story.reaches(id, 'process_failed')
    const { id: appeal_id } = await story.appeal(id, { reason: 'wrong_amount', amount: 3500 })
    await story.appealReaches(id, appeal_id, 'confirmed')
    const address = appealAt('volga')?.url ?? ''
    const fetched = await fetch(address)
    assert.deepEqual([fetched.status, fetched.headers.get('content-type')], [200, 'application/pdf'])
    assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), receipt)
    assert.equal(
      (await fetch(address.replace(/sig=./, (found) => `sig=${found.endsWith('A') ? 'B' : 'A'}`))).status,
      403,
    )
    assert.equal((await fetch(address.replace(/&sig=.*/, ''))).status, 403)
  })
})

describe('the desk does not agree', () => {
  /** A payment that failed, whose appeal the desk has refused with evidence. */
  async function refused(): Promise<{ id: string; appeal_id: string }> {
    story.desks.script('volga', { steps: ['appeal:reject'] })
    const id = await story.invoice()
    const { order } = await story.issued(id)
    story.desks.setPayment('volga', order.id, { status: 'failed' })
    story.pass(1)
    await story.reaches(id, 'process_failed')
    const { id: appeal_id } = await story.appeal(id, { reason: 'not_credited' })
    const { rejection, may_contest, messages } = await story.appealReaches(id, appeal_id, 'rejected')
    assert.deepEqual([rejection.reason, may_contest], ['payment_not_found', true])
    const verdict = messages.find(({ kind }: { kind: string }) => kind === 'verdict')
    assert.deepEqual([verdict.from, verdict.author, verdict.files[0].type], ['provider', null, 'pdf'])
    const path = `/appeals/${appeal_id}/files/${verdict.files[0].id}`
    const evidence = await story.dashboard('volga').get(path)
    assert.match(evidence.text, /^%PDF-1\.4[\s\S]+Nothing arrived that fits the claim/)
    assert.equal((await story.dashboard('neva').get(path)).status, 404)
    await deskHasTold('volga')
    return { id, appeal_id }
  }

  test('contested, and two operators find for the merchant: the payment is processed', async () => {
    const before = await story.balance('volga')
    const { id, appeal_id } = await refused()
    await story.call('POST', `/payment-invoices/${id}/appeals/${appeal_id}/contest`, { text: 'Look at the receipt.' })
    await story.appealReaches(id, appeal_id, 'arbitration')
    assert.equal((await story.balance('volga')).frozen, '45.614036')
    await operatorDecides(appeal_id, 'Olga', 'confirm')
    assert.equal((await story.appealReaches(id, appeal_id, 'arbitration')).closed, null)
    await operatorDecides(appeal_id, 'Oleg', 'confirm')
    await story.appealReaches(id, appeal_id, 'confirmed')
    assert.equal((await story.reaches(id, 'processed')).processed_amount, 3900)
    assert.equal(micro(before.available) - micro((await story.balance('volga')).available), 45_614_036n)
    await deskHas('volga', 'confirmed')
    await story.toldUntil(appeal_id, ['opened', 'submitted', 'rejected', 'arbitration', 'confirmed'])
    await story.toldUntil(id, ['processed'])
  })

  test('contested, and an operator finds for the desk: nothing has changed', async () => {
    const before = await story.balance('volga')
    const { id, appeal_id } = await refused()
    await story.call('POST', `/payment-invoices/${id}/appeals/${appeal_id}/contest`, { text: 'Look at the receipt.' })
    await operatorDecides(appeal_id, 'Olga', 'cancel')
    assert.equal((await story.appealReaches(id, appeal_id, 'cancelled')).resolution, 'decided')
    assert.equal((await story.attributes(id)).status, 'process_failed')
    assert.deepEqual(await story.balance('volga'), before)
    await deskHas('volga', 'cancelled')
    await story.toldUntil(appeal_id, ['cancelled'])
  })

  test('another amount was seen: the merchant takes it, and the desk agrees to that', async () => {
    story.desks.script('volga', { steps: ['issue_wrong:3500'] })
    const id = await story.invoice()
    await story.issued(id)
    story.pass(1)
    await story.reaches(id, 'process_failed')
    const { id: first } = await story.appeal(id, { reason: 'wrong_amount', amount: 3600 })
    const { rejection } = await story.appealReaches(id, first, 'rejected')
    assert.deepEqual([rejection.reason, rejection.amount_seen], ['amount_differs', 3500])
    const second = await story.call('POST', `/payment-invoices/${id}/appeals/${first}/accept-amount`)
    assert.equal(second.attributes.amount, 3500)
    await story.appealReaches(id, second.id, 'confirmed')
    assert.equal((await story.reaches(id, 'partially_processed')).processed_amount, 3500)
  })
})

describe('money after the end', () => {
  test('paid when the time was over: processed late, told once, and the balance pays for it', async () => {
    const before = await story.balance('volga')
    story.desks.script('volga', { steps: ['issue_late:300'] })
    const id = await story.invoice()
    await story.issued(id)
    story.pass(33)
    await story.reaches(id, 'process_failed')
    assert.deepEqual(await story.balance('volga'), before)
    story.pass(5)
    const paid = await story.reaches(id, 'processed')
    assert.equal(paid.processed_amount, 3900)
    const [attempt] = await story.attempts(id)
    assert.deepEqual([attempt.attributes.winner, attempt.attributes.late], [true, true])
    const told = await story.toldUntil(id, ['process_pending', 'process_failed', 'processed'])
    assert.equal(told.length, 3)
    const lines = await story.statement('volga', attempt.id)
    assert.equal(sum(lines), -45_614_036n, lines.join(', '))
    assert.equal(micro(before.available) - micro((await story.balance('volga')).available), 45_614_036n)
  })
})

test('afterwards the books are right, and the balances are what the statements say', async () => {
  const findings = await verifyLedger(story.world.ctx.sql)
  assert.deepEqual(
    findings.flatMap(({ check, culprits }) => culprits.map((culprit) => `${check}: ${culprit}`)),
    [],
  )
  for (const desk of ['volga', 'neva'] as const) {
    const { body } = await story.dashboard(desk).get('/statement?limit=1')
    const { available, held, frozen } = await story.balance(desk)
    assert.deepEqual([held, frozen], ['0.000000', '0.000000'])
    assert.equal(body.lines[0].available_after, available)
  }
})
