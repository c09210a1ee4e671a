import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type CardWorld,
  decisions,
  firstAccount,
  newKey,
  openCardWorld,
  otherAccount,
} from '../../../../tests/card-world.ts'
import { getAccount } from '../accounts/find-account.ts'
import type { RoutingRecord } from '../routing/choice.ts'
import { blocksOfPayment, liftBlock, listBlocks } from '../routing/network-blocks.ts'
import { explainRun } from '../routing/rules/explain.ts'
import { lookBeforeStoring, lookBesidePayment, openCardWatch, type SeenCard } from './card-watch.ts'
import type { State } from './find-payment.ts'
import { findSession } from './find-payment.ts'
import { readAttempts } from './read-attempts.ts'
import { selectRuns } from './routing-runs-table.ts'

const visa = '4200000000000000'
const mastercard = '5204240000200019'
const day_ms = 86_400_000

let world: CardWorld
const pay: CardWorld['pay'] = (wish) => world.pay(wish)

before(async () => {
  world = await openCardWorld()
})
after(() => world?.close())

const endOf = ({ payment, attempts }: State) => [payment.unified_code, payment.status, attempts.length]
const passed = (state: State): boolean => state.attempts.length > 0

/** Declined attempts of the past, as many payments with one attempt each would have left them. */
async function declinedBefore(key: string, number: string, network: string, times: readonly Date[]): Promise<void> {
  const { ctx } = world
  const fingerprint = ctx.secrets.cardFingerprint(number)
  const rows = times.map((counted_at, index) => ({
    account_id: firstAccount,
    fingerprint,
    test_key: key,
    seq: index + 1,
    attempt_id: `pay_before_${index}`,
    network,
    amount_minor: '10000',
    currency: 'USD',
    state: 'declined',
    counted_at,
  }))
  await ctx.sql`insert into network_counts ${ctx.sql(rows as never[])}`
}

const counts = async (key: string): Promise<string[]> => {
  const rows = await world.ctx.sql<{ state: string }[]>`
    select state from network_counts where test_key = ${key} order by seq`
  return rows.map(({ state }) => state)
}

test('twenty payments at once with one count left below the ceiling: one attempt more', async () => {
  const key = newKey()
  await declinedBefore(key, mastercard, 'mastercard', Array(9).fill(world.time))
  const wish = { number: mastercard, key, steps: 'decline:05' }
  const states = await Promise.all(Array.from({ length: 20 }, () => pay(wish)))
  assert.equal(states.filter(passed).length, 1)
  assert.deepEqual(decisions(states.find(passed) as State), [[408, 'stop_network']])
  for (const state of states.filter((one) => !passed(one)))
    assert.deepEqual(endOf(state), ['F.2005', 'process_failed', 0])
  assert.deepEqual(await counts(key), Array(10).fill('declined'))
})

test('twenty payments at once with a card that nobody has tried: as many attempts as the ceiling allows, hops counted', async () => {
  const key = newKey()
  const wish = { number: mastercard, key, steps: 'decline:96' }
  const states = await Promise.all(Array.from({ length: 20 }, () => pay(wish)))
  assert.equal(states.flatMap(({ attempts }) => attempts).length, 10)
  assert.deepEqual(await counts(key), Array(10).fill('declined'))
})

test('approvals and what never reached a network count for nothing, and do not reset', async () => {
  const key = newKey()
  await declinedBefore(key, visa, 'visa', Array(18).fill(world.time))
  assert.equal((await pay({ number: visa, key, steps: 'approve' })).payment.status, 'processed')
  const rejected = await pay({ number: visa, key, steps: 'code:F.0113' })
  assert.deepEqual(decisions(rejected), [
    [408, 'hop'],
    [409, 'hop'],
    [410, 'stop_max_attempts'],
  ])
  assert.deepEqual((await counts(key)).slice(18), ['free', 'free', 'free', 'free'])
  const declined = await pay({ number: visa, key, steps: 'decline:96' })
  assert.deepEqual(decisions(declined), [
    [408, 'hop'],
    [409, 'stop_network'],
  ])
  assert.equal(declined.payment.resolution, 'provider_error', 'the last decline stands')
  assert.deepEqual(endOf(await pay({ number: visa, key, steps: 'approve' })), ['F.2005', 'process_failed', 0])
})

const edges: readonly (readonly [name: string, number: string, network: string, counted: number, window_ms: number])[] =
  [
    ['the 21st attempt of a Visa card in 30 days', visa, 'visa', 20, 30 * day_ms],
    ['the 11th attempt of a Mastercard in 24 hours', mastercard, 'mastercard', 10, day_ms],
    ['the 36th attempt of a Mastercard in 30 days', mastercard, 'mastercard', 35, 30 * day_ms],
    ['the 11th attempt of a card of another network in 24 hours', '30000000000004', 'other', 10, day_ms],
  ]
for (const [name, number, network, counted, window_ms] of edges) {
  test(`${name} is refused while all are within the window, and passes at its edge`, async () => {
    const key = newKey()
    const first = new Date(world.time.getTime() - window_ms)
    // The Mastercard of the long window must not meet the ceiling of the short one.
    const spread = counted === 35 ? new Date(world.time.getTime() - 2 * day_ms) : world.time
    await declinedBefore(key, number, network, [first, ...Array(counted - 1).fill(spread)])
    const start = world.time
    try {
      world.time = new Date(start.getTime() - 1)
      assert.deepEqual(endOf(await pay({ number, key, steps: 'approve' })), ['F.2005', 'process_failed', 0])
      world.time = start
      assert.ok(passed(await pay({ number, key, steps: 'approve' })), 'exactly at the edge it counts no longer')
    } finally {
      world.time = start
    }
  })
}

test('another amount, another merchant, another card: ceilings per amount and acceptor', async () => {
  const key = newKey()
  await declinedBefore(key, visa, 'visa', Array(20).fill(world.time))
  const steps = 'approve'
  assert.ok(!passed(await pay({ number: visa, key, steps })))
  assert.ok(passed(await pay({ number: visa, key, steps, amount_minor: 10_001n })))
  assert.ok(passed(await pay({ number: visa, key, steps, account: otherAccount })))
  assert.ok(passed(await pay({ number: '4012000000001006', key, steps })))
})

test('a stolen card: one attempt, then refused everywhere for 30 days, also where the merchant excludes the gateway', async () => {
  const key = newKey()
  const first = await pay({ number: visa, key, steps: { '408': 'decline:43', '*': 'approve' } })
  assert.deepEqual(decisions(first), [[408, 'stop_class_never']])
  const drive = { excluded: [408], merchant_drives: true }
  const again = { number: visa, key, steps: 'approve', amount_minor: 77n, drive }
  const refused = await pay(again)
  assert.deepEqual(endOf(refused), ['F.2004', 'process_failed', 0])
  const [run] = await selectRuns(world.ctx.sql, firstAccount, refused.payment.id)
  const record = run?.record as RoutingRecord
  assert.deepEqual([record.decision, record.network?.block?.reason], ['stop_network', 'network_code 43'])
  assert.match(explainRun(record), /not tried: forbidden until 2026-07-01T10:00:00.000Z after 43/)
  const start = world.time
  try {
    world.time = new Date(start.getTime() + 30 * day_ms - 1)
    assert.ok(!passed(await pay(again)))
    world.time = new Date(start.getTime() + 30 * day_ms)
    assert.ok(passed(await pay(again)))
  } finally {
    world.time = start
  }
})

test('the merchant sees the code, the block it set, and why nothing else was tried', async () => {
  const { payment } = await pay({ number: visa, key: newKey(), steps: 'decline:43' })
  const document = await readAttempts(world.ctx, payment, '/here')
  const [attempt] = (document as unknown as { data: { attributes: Record<string, unknown> }[] }).data
  assert.deepEqual(attempt?.attributes.blocks, [
    { scope: 'card', reason: 'network_code 43', until: Date.parse('2026-07-01T10:00:00Z') / 1000, lifted: null },
  ])
  assert.deepEqual([attempt?.attributes.code, attempt?.attributes.decision], ['F.0116', 'stop_class_never'])
  assert.match(String(attempt?.attributes.explanation), /never/)
})

test('a block is lifted once, by somebody and for a reason', async () => {
  const key = newKey()
  const first = await pay({ number: visa, key, steps: 'decline:14' })
  const [block] = await blocksOfPayment(world.ctx, first.payment)
  assert.ok(block && (await listBlocks(world.ctx)).some(({ id }) => id === block.id))
  assert.equal(await liftBlock(world.ctx, block.id, 'ann', 'the issuer was wrong'), true)
  assert.equal(await liftBlock(world.ctx, block.id, 'ann', 'again'), false)
  const [lifted] = await blocksOfPayment(world.ctx, first.payment)
  assert.deepEqual([lifted?.lifted_by, lifted?.lifted_because], ['ann', 'the issuer was wrong'])
  assert.ok(passed(await pay({ number: visa, key, steps: 'approve' })))
})

test('12 and 57 of Visa block the amount only', async () => {
  const key = newKey()
  assert.equal((await pay({ number: visa, key, steps: 'decline:57' })).attempts.length, 1)
  assert.ok(!passed(await pay({ number: visa, key, steps: 'approve' })))
  assert.ok(passed(await pay({ number: visa, key, steps: 'approve', amount_minor: 9_999n })))
})

test('a revoked series blocks what the merchant starts; R3 at every merchant', async () => {
  const key = newKey()
  await pay({ number: visa, key, steps: 'decline:R0', merchant_initiated: true })
  assert.ok(!passed(await pay({ number: visa, key, steps: 'approve', merchant_initiated: true })))
  assert.ok(passed(await pay({ number: visa, key, steps: 'approve' })))
  const elsewhere = { number: visa, key, steps: 'approve', merchant_initiated: true, account: otherAccount }
  assert.ok(passed(await pay(elsewhere)))
  await pay({ number: visa, key, steps: 'decline:R3' })
  assert.ok(!passed(await pay(elsewhere)))
})

const waits: readonly (readonly [advice: string, hours: number])[] = [
  ['24', 1],
  ['25', 24],
  ['26', 48],
  ['27', 96],
  ['28', 144],
  ['29', 192],
  ['30', 240],
  ['02', 72],
]
for (const [advice, hours] of waits) {
  test(`advice ${advice}: refused for ${hours} hours, also to a merchant who drives, then allowed`, async () => {
    const key = newKey()
    const wish = { number: mastercard, key, steps: 'approve', drive: { merchant_drives: true } }
    const declined = await pay({ ...wish, steps: `decline:51:${advice}` })
    assert.deepEqual(decisions(declined), [[408, 'stop_class_wait']])
    const start = world.time
    try {
      world.time = new Date(start.getTime() + hours * 3_600_000 - 1)
      assert.deepEqual(endOf(await pay(wish)), ['F.2004', 'process_failed', 0])
      world.time = new Date(start.getTime() + hours * 3_600_000)
      assert.ok(passed(await pay(wish)))
    } finally {
      world.time = start
    }
  })
}

test('a look that comes with the payment sees what a look of its own sees', async () => {
  const { ctx } = world
  const [mine, other] = [await pay({ number: visa, key: newKey(), steps: 'pending' }), newKey()]
  const { payment } = mine
  const fingerprint = ctx.secrets.cardFingerprint(mastercard)
  await declinedBefore(payment.reference_id, mastercard, 'mastercard', [
    world.time,
    new Date(world.time.getTime() - 2 * day_ms),
  ])
  await declinedBefore(other, mastercard, 'mastercard', [world.time])
  const block = {
    account_id: firstAccount,
    fingerprint,
    scope: 'recurring_all',
    amount_minor: '10000',
    currency: 'USD',
  }
  const of = { payment_id: payment.id, attempt_number: 1, reason: 'R1', created_at: world.time }
  const blocks = [
    { ...block, ...of, id: 'pay_block_here', test_key: payment.reference_id },
    { ...block, ...of, id: 'pay_block_elsewhere', test_key: payment.reference_id, account_id: otherAccount },
    { ...block, ...of, id: 'pay_block_of_another_test', test_key: other },
  ]
  await ctx.sql`insert into network_blocks ${ctx.sql(blocks as never[])}`
  const card = { number: mastercard, exp_month: '12', exp_year: '2030', cvv: '123', holder: null }
  const payer = { card, saved: null, cvv: null, browser: {}, client_ip: null, return_url: '' }
  const account = await getAccount(ctx, firstAccount)
  const watched = async (before: SeenCard | null, more: object = {}) =>
    (await openCardWatch(ctx, account, payment, { ...payer, ...more }, undefined, before))?.seen
  const own = await watched(null)
  assert.deepEqual([own?.last_seq, own?.declined_24h, own?.counted_30d, own?.blocks.length], [2, 1, 2, 2])
  const found = await findSession(ctx, payment.session_id ?? '', lookBesidePayment(ctx, fingerprint))
  assert.deepEqual(found?.payment.id, payment.id)
  // What was set elsewhere holds where the merchant begins, who gets a look of his own.
  const here = { ...own, blocks: own?.blocks.filter(({ id }) => id === 'pay_block_here') }
  const { version } = found?.payment ?? payment
  assert.equal(version, payment.version)
  assert.deepEqual(await watched({ fingerprint, version, column: found?.seen }), here)
  const look = lookBeforeStoring(ctx, payment, { fingerprint, test_key: payment.reference_id })
  const [row] = await ctx.sql`select ${look} as seen`
  const before = { fingerprint, version, column: row?.seen }
  assert.deepEqual(await watched(before), here)
  // Where it may not be so any more, or was seen for something else.
  const wishes = { initiator: 'merchant' }
  assert.deepEqual(await watched(before, { wishes }), own)
  assert.deepEqual(await watched({ ...before, fingerprint: 'of another card' }), own)
  assert.deepEqual(await watched({ ...before, version: version - 1 }), own)
  assert.deepEqual(await watched({ ...before, column: { ...(row?.seen as object), open: 1 } }), own)
})
