/** What an appeal does to a merchant's money, as he sees it: opened by his API, agreed to by the provider, told by callbacks. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { acceptAppeal } from '../../apps/server/src/appeals/accept-appeal.ts'
import { findAppealById } from '../../apps/server/src/appeals/find-appeal.ts'
import { findProvider } from '../../apps/server/src/cascades/find-provider.ts'
import { readBalance } from '../../apps/server/src/cascades/read-balance.ts'
import { freeTerms, saveAccountServices } from '../../apps/server/src/directory/save-account-services.ts'
import { verifyLedger } from '../../apps/server/src/ledger/verify.ts'
import { type Answer, startWorld, type World } from '../world.ts'

const service = 'card_transfer_rub_invoice'
let world: World
let passed_ms = 0
let receiver: Server
const received: Answer[] = []

before(async () => {
  world = await startWorld({ now: () => new Date(Date.now() + passed_ms) })
  const terms = { ...freeTerms, fee_rate: '3', reserve_rate: '10', reserve_lifetime_minutes: 10_080 }
  await saveAccountServices(world.ctx, world.account.id, [service], terms)
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      received.push({ event_id: request.headers['webhook-id'], ...JSON.parse(body).data })
      response.end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
})
after(async () => {
  await world.close()
  receiver.closeAllConnections()
  await new Promise((resolve) => receiver.close(resolve))
})

async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let looks = 0; looks < 400; looks += 1) {
    const found = await look()
    if (found) return found
    await sleep(50)
  }
  throw new Error(`never seen: ${what}`)
}

const pass = (minutes: number): void => {
  passed_ms += minutes * 60_000
  world.simulators.desks.advance({ advance_s: minutes * 60 })
}

const invoice = async (id: string): Promise<Answer> =>
  (await world.call('GET', `/api/payment-invoices/${id}`)).body.data.attributes
const attemptOf = async (id: string): Promise<Answer> =>
  (await world.call('GET', `/api/payment-invoices/${id}/attempts`)).body.data[0]
const inStatus = (id: string, status: string): Promise<Answer> =>
  until(status, async () => {
    const found = await invoice(id)
    return found.status === status ? found : null
  })

/** An invoice of 3900.00 RUB whose payer sees requisites; live, since test money is in no balance. */
async function shown(): Promise<string> {
  const { port } = receiver.address() as AddressInfo
  const attributes = {
    test_mode: false,
    amount: 3900,
    currency: 'RUB',
    service,
    callback_url: `http://127.0.0.1:${port}/`,
  }
  const created = await world.call('POST', '/api/payment-invoices', { data: { type: 'payment-invoice', attributes } })
  assert.equal(created.status, 201, JSON.stringify(created.body))
  const { id } = created.body.data
  await until('requisites', async () => (await attemptOf(id))?.attributes.status === 'incomplete')
  return id
}

/** What the provider of the invoice's attempt says about it from now on. */
async function says(id: string, status: 'success' | 'failed'): Promise<void> {
  const [row] = await world.ctx.sql`select provider_reference from provider_payments where payment_id = ${id}`
  const { desks } = world.simulators
  const name = desks
    .names()
    .find((one) => desks.payments(one).some((payment) => payment.id === row?.provider_reference))
  desks.setPayment(name ?? '', row?.provider_reference, { status })
}

async function appeal(id: string, claim: { reason: string; amount?: number }): Promise<Answer> {
  const receipt = { name: 'receipt.pdf', content: Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64') }
  const attributes = { ...claim, comment: 'The payer has sent us his receipt', receipt }
  const answer = await world.call('POST', `/api/payment-invoices/${id}/appeals`, {
    data: { type: 'payment-appeal', attributes },
  })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body.data
}

/** The provider agrees, once its endpoint has the appeal. */
async function agreed(id: string, appeal_id: string): Promise<void> {
  const path = `/api/payment-invoices/${id}/appeals/${appeal_id}`
  const inState = (status: string) =>
    until(status, async () => (await world.call('GET', path)).body.data.attributes.status === status)
  await inState('submitted')
  const found = await findAppealById(world.ctx.sql, appeal_id)
  assert.ok(found)
  await acceptAppeal(world.ctx, found, { side: 'provider', name: 'desk@example.com', ip: null })
  await inState('confirmed')
}

/** What the merchant has in roubles: to be withdrawn, and held back. */
async function balance(): Promise<[string, string]> {
  const { attributes } = (await world.call('GET', '/api/account/balances')).body.data
  const { active_balance, reserved_balance } = attributes.currency_accounts.RUB
  return [active_balance, reserved_balance]
}

const toldOf = (id: string): Answer[] => received.filter((one) => one.id === id && one.type === 'payment-invoices')

test('the payer had sent more: the amounts are corrected, and the merchant is told again', async () => {
  const id = await shown()
  await says(id, 'success')
  pass(1)
  const paid = await inStatus(id, 'processed')
  assert.deepEqual([paid.processed_amount, paid.processed_fee, paid.processed_deposit], [3900, 117, 3393])
  assert.deepEqual(await balance(), ['3393.00', '390.00'])
  const { id: appeal_id } = await appeal(id, { reason: 'wrong_amount', amount: 4000 })
  assert.deepEqual(await balance(), ['3393.00', '390.00'])
  await agreed(id, appeal_id)
  const corrected = await invoice(id)
  assert.deepEqual(
    [corrected.status, corrected.processed_amount, corrected.processed_fee, corrected.processed_deposit],
    ['processed', 4000, 120, 3480],
  )
  assert.deepEqual([corrected.reserved_amount, corrected.processed], [400, paid.processed])
  assert.equal((await attemptOf(id)).attributes.paid_amount, 4000)
  assert.deepEqual(await balance(), ['3480.00', '400.00'])
  const told = await until('a second callback', async () => {
    const sent = toldOf(id).filter(({ attributes }) => attributes.status === 'processed')
    return sent.length === 2 ? sent : null
  })
  assert.deepEqual(
    told.map(({ attributes }) => attributes.processed_amount),
    [3900, 4000],
  )
  assert.notEqual(told[0].event_id, told[1].event_id)
})

test('the payer had paid after all: the invoice that failed is processed', async () => {
  const id = await shown()
  await says(id, 'failed')
  pass(1)
  await until('the failed attempt', async () => (await attemptOf(id)).attributes.status === 'declined')
  pass(40)
  await inStatus(id, 'process_failed')
  const { id: appeal_id } = await appeal(id, { reason: 'not_credited' })
  await agreed(id, appeal_id)
  const processed = await invoice(id)
  assert.deepEqual([processed.status, processed.resolution, processed.processed_amount], ['processed', 'ok', 3900])
  const { attributes } = await attemptOf(id)
  assert.deepEqual([attributes.status, attributes.winner, attributes.late], ['declined', true, true])
  assert.deepEqual(await balance(), ['6873.00', '790.00'])
  await until('the callback', async () => toldOf(id).at(-1)?.attributes.status === 'processed')
})

test('afterwards the books are right, and the providers have paid what the appeals say', async () => {
  const findings = await verifyLedger(world.ctx.sql)
  assert.deepEqual(
    findings.flatMap(({ check, culprits }) => culprits.map((culprit) => `${check}: ${culprit}`)),
    [],
  )
  const debits = await world.ctx.sql<{ provider_id: string; debited_minor: bigint }[]>`
    select provider_id, debited_minor from provider_settlements order by created_at`
  assert.deepEqual(
    debits.map(({ debited_minor }) => debited_minor),
    [46_783_626n, 45_614_036n],
  )
  for (const { provider_id } of debits) {
    const provider = await findProvider(world.ctx.sql, provider_id)
    assert.ok(provider)
    const { held_minor, frozen_minor } = await readBalance(world.ctx.sql, provider, false)
    assert.deepEqual([held_minor, frozen_minor], [0n, 0n])
  }
})
