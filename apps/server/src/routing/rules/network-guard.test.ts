import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { adviceCodes, advicePairs } from './advice-codes.ts'
import { classifyDecline } from './classify-decline.ts'
import { declineClasses } from './decline-class.ts'
import { networkCodes, visaCategory } from './network-codes.ts'
import {
  blocksOf,
  type CardRecord,
  ceilingsOf,
  countState,
  judgeCard,
  type Network,
  type NextAttempt,
  networkCeilings,
  networkOf,
  usedOf,
} from './network-guard.ts'
import { mastercard, none, visa } from './sample-signals.ts'
import { unifiedCodes } from './unified-codes.ts'

const now = new Date('2026-03-01T12:00:00Z')
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000)

const scopesOf = (signals: Partial<typeof none>, card: { brand: string | null }): string[] =>
  blocksOf(classifyDecline({ ...none, ...signals }, card), now).map(({ scope }) => scope)

const cardCodes = new Set('04 07 14 15 34 36 37 38 41 43 46'.split(' '))
const narrowed: Readonly<Record<string, string>> = { R0: 'recurring', R1: 'recurring', R3: 'recurring_all' }
for (const network_code of networkCodes.keys()) {
  const everywhere = cardCodes.has(network_code) ? ['card'] : narrowed[network_code] ? [narrowed[network_code]] : []
  const ofVisa = network_code === '12' || network_code === '57' ? ['amount'] : everywhere
  test(`network code ${network_code} blocks ${ofVisa.join() || 'nothing'} of Visa, ${everywhere.join() || 'nothing'} of others`, () => {
    assert.deepEqual(scopesOf({ network_code }, visa), ofVisa)
    for (const brand of ['mastercard', 'amex', null])
      assert.deepEqual(scopesOf({ network_code }, { brand }), everywhere)
  })
}

test('every code of Visa category 1 blocks, and only those of it and the pick-up codes do', () => {
  for (const network_code of networkCodes.keys()) {
    const blocks = scopesOf({ network_code }, visa).length > 0
    const pickUp = ['34', '36', '37', '38'].includes(network_code)
    assert.equal(blocks, visaCategory(network_code, false) === 1 || pickUp, network_code)
  }
})

test('advice 03 blocks the card, 21 what the merchant starts, those with a time until then, others nothing', () => {
  for (const [advice_code, { wait_h }] of adviceCodes) {
    const blocks = blocksOf(classifyDecline({ ...none, advice_code }, mastercard), now)
    const expected = advice_code === '03' ? ['card'] : advice_code === '21' ? ['recurring'] : wait_h ? ['wait'] : []
    assert.deepEqual(
      blocks.map(({ scope }) => scope),
      expected,
      advice_code,
    )
    if (wait_h) assert.deepEqual(blocks[0]?.ends_at, new Date(now.getTime() + wait_h * 3_600_000))
  }
  for (const pair of advicePairs.keys()) {
    const [network_code = null, advice_code = null] = pair.split('+')
    const expected = advice_code === '03' ? ['card'] : advice_code === '02' ? ['wait'] : []
    assert.deepEqual(scopesOf({ network_code, advice_code }, mastercard), expected, pair)
  }
})

test('of the unified codes only the raw F.0115 and F.0116 block; one that was derived never does', () => {
  for (const unified_code of unifiedCodes.keys())
    assert.deepEqual(scopesOf({ unified_code }, visa), /F\.011[56]/.test(unified_code) ? ['card'] : [], unified_code)
  assert.deepEqual(scopesOf({ network_code: '59' }, visa), [], 'issuer_risk is shown as F.0116 and blocks nothing')
})

test('a block of card or amount lasts 30 days, one of a series until it is lifted', () => {
  const ends = (network_code: string) =>
    blocksOf(classifyDecline({ ...none, network_code }, visa), now).map(({ ends_at }) => ends_at)
  assert.deepEqual(ends('43'), [days(30)])
  assert.deepEqual(ends('57'), [days(30)])
  assert.deepEqual(ends('R1'), [null])
  assert.deepEqual(ends('R3'), [null])
})

test('several signals set one block of each scope', () => {
  const signals = { network_code: '43', advice_code: '21', unified_code: 'F.0116' }
  assert.deepEqual(scopesOf(signals, mastercard), ['card', 'recurring'])
  assert.deepEqual(scopesOf({ network_code: '43', advice_code: '25' }, mastercard), ['card'], 'never goes before wait')
})

test('what counts: declined by network or issuer, and what is not known yet', () => {
  const free = ['unreachable', 'refusal', 'gateway_rejected', 'platform_risk']
  for (const name of declineClasses)
    assert.equal(countState('declined', name), free.includes(name) ? 'free' : 'declined')
  for (const status of ['sent', 'incomplete', 'unknown']) assert.equal(countState(status, null), 'open')
  for (const status of ['approved', 'not_sent', 'expired', 'cancelled', 'reversed'])
    assert.equal(countState(status, null), 'free')
})

const nothing: CardRecord = { blocks: [], counted_24h: 0, counted_30d: 0 }
const nextOf = (network: Network): NextAttempt => ({
  network,
  amount_minor: 100n,
  currency: 'USD',
  merchant_initiated: false,
})

test('brands and their networks', () => {
  assert.deepEqual(['VISA', 'mastercard', 'Maestro', 'amex', null].map(networkOf), [
    'visa',
    'mastercard',
    'mastercard',
    'other',
    'other',
  ])
})

test('settings lower a ceiling, and never raise one', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Network>('visa', 'mastercard', 'other'),
      fc.record({
        visa_30d_limit: fc.integer({ min: 1, max: 100 }),
        mastercard_24h_limit: fc.integer({ min: 1, max: 100 }),
        mastercard_30d_limit: fc.integer({ min: 1, max: 100 }),
      }),
      fc.nat(120),
      fc.nat(120),
      (network, limits, counted_24h, counted_30d) => {
        const own = ceilingsOf(network, networkCeilings)
        const lowered = ceilingsOf(network, limits)
        for (const [index, one] of lowered.entries())
          assert.ok(one.max <= (own[index]?.max ?? 0) && one.name === own[index]?.name)
        const record = { ...nothing, counted_24h, counted_30d }
        const verdict = judgeCard(record, nextOf(network), limits, now)
        const reached = lowered.some((one) => usedOf(one, record) >= one.max)
        assert.equal(verdict?.code ?? null, reached ? 'F.2005' : null)
      },
    ),
  )
})

test('a block holds until its end and no longer, for what it covers', () => {
  const scope = fc.constantFrom('card', 'amount', 'recurring', 'recurring_all', 'wait')
  fc.assert(
    fc.property(scope, fc.boolean(), fc.boolean(), fc.integer({ min: -2, max: 2 }), (which, same, merchant, ms) => {
      const ends_at = new Date(now.getTime() + ms)
      const block = { id: 'b', scope: which as 'card', amount_minor: 100n, currency: 'USD', reason: 'x', ends_at }
      const next = { ...nextOf('visa'), amount_minor: same ? 100n : 101n, merchant_initiated: merchant }
      const verdict = judgeCard({ ...nothing, blocks: [block] }, next, networkCeilings, now)
      const covered = which === 'amount' ? same : which.startsWith('recurring') ? merchant : true
      assert.equal(verdict?.code ?? null, covered && ms > 0 ? 'F.2004' : null)
    }),
  )
})
