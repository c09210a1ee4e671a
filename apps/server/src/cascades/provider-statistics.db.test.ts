/** Cascade API, section 17 and check B21: figures of rows written by hand, against figures reckoned by hand. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { freezeAppeal } from './freeze-appeal.ts'
import { payByAppeal } from './pay-by-appeal.ts'
import type { Provider } from './provider.ts'
import type { ProviderPaymentState } from './provider-payment.ts'
import { type ProviderStatistics, readProviderStatistics, type Split } from './provider-statistics.ts'
import { rebookAppeal } from './rebook-appeal.ts'
import { releaseHold } from './release-hold.ts'
import { addProvider, hold, nextAttempt } from './sample-provider.ts'
import { addProviderPayment, type SampleProviderPayment } from './sample-provider-payment.ts'

const now = new Date('2026-03-10T12:00:00Z')
const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000)
let t: TestContext
before(async () => {
  t = await testContext({ now: () => now })
})
after(() => t.close())

const neverIssued = { issued_at: null, expires_at: null, finalise_at: null, provider_reference: null } as const

/** A payment asked for at a minute before now; given requisites two seconds later unless it was not. */
function add(provider: Provider, at: number, state: ProviderPaymentState, more: SampleProviderPayment = {}) {
  const requested_at = minutes(at)
  const issued = ['issued', 'success', 'failed', 'expired'].includes(state)
  const times = issued
    ? {
        issued_at: new Date(requested_at.getTime() + 2_000),
        expires_at: minutes(at + 30),
        finalise_at: new Date(minutes(at + 30).getTime() + 90_000),
      }
    : neverIssued
  return addProviderPayment(t.ctx.sql, provider, { requested_at, state, answer_ms: 1_000, ...times, ...more })
}

const read = (provider: Provider, split: Split | null = null, from = -60, to = 0): Promise<ProviderStatistics> =>
  readProviderStatistics(t.ctx, {
    provider_id: provider.id,
    test_mode: false,
    from: minutes(from),
    to: minutes(to),
    split,
  })

const tenth = (value: number | null): number | null => value && Math.round(value * 10_000) / 10_000

describe('an hour of a desk', () => {
  let provider: Provider
  before(async () => {
    provider = await addProvider(t.ctx.sql, 1_000_000n)
    const paid = (at: number, after_s: number) => ({
      paid_at: new Date(minutes(at).getTime() + 2_000 + after_s * 1000),
    })
    // Asked 12: given 7, refused 3, unknown 1, violation 1.
    await add(provider, -50, 'success', { ...paid(-50, 60), answer_ms: 200 })
    await add(provider, -49, 'success', { ...paid(-49, 120), answer_ms: 400, method: 'sbp' })
    await add(provider, -48, 'success', { ...paid(-48, 2_400), answer_ms: 600, late: true, amount_minor: 120_000n })
    await add(provider, -47, 'failed', { ended_at: minutes(-40), answer_ms: 800 })
    await add(provider, -46, 'failed', { ended_at: minutes(-10), answer_ms: 900, method: 'sbp' })
    await add(provider, -45, 'expired', { ended_at: minutes(-14), answer_ms: 1_000 })
    await add(provider, -20, 'issued', { answer_ms: 1_200, amount_minor: 500_000n })
    await add(provider, -30, 'refused', { reason: 'NO_REQUISITES', answer_ms: 100 })
    await add(provider, -29, 'refused', { reason: 'NO_REQUISITES', answer_ms: 150 })
    await add(provider, -28, 'refused', { reason: 'INSUFFICIENT_BALANCE', answer_ms: 300, method: 'account' })
    await add(provider, -27, 'unknown', { answer_ms: 10_000 })
    await add(provider, -26, 'violation', { answer_ms: 2_000 })
    // Nothing was sent; asked before the hour; test mode; another provider; a test of the endpoint has no row at all.
    await add(provider, -25, 'not_sent', { answer_ms: null })
    await add(provider, -61, 'refused', { reason: 'OTHER' })
    await add(provider, -24, 'refused', { test_mode: true })
    await add(await addProvider(t.ctx.sql, 0n), -23, 'refused')
  })

  test('every figure of the section', async () => {
    const { all } = await read(provider)
    assert.deepEqual(
      { ...all, refusal_share: tenth(all.refusal_share), issue_rate: tenth(all.issue_rate), refusals: null },
      {
        asked: 12,
        given: 7,
        refused: 3,
        unknown: 1,
        violations: 1,
        issued: 7,
        paid: 3,
        paid_late: 1,
        paid_by_appeal: 0,
        early_failures: 1,
        issue_rate: 0.5833,
        payment_rate: 3 / 7,
        refusal_share: 0.25,
        unknown_share: 1 / 12,
        early_failure_share: 1 / 7,
        provisional_until: minutes(11.5),
        refusals: null,
        // Twelve answers: the 6th and the 12th of 100 150 200 300 400 600 800 900 1000 1200 2000 10000.
        answer_ms: { p50: 600, p95: 10_000 },
        paid_after_s: { p50: 120, p95: 2_400 },
      },
    )
    assert.deepEqual(all.refusals, [
      { reason: 'NO_REQUISITES', count: 2, share: 2 / 12 },
      { reason: 'INSUFFICIENT_BALANCE', count: 1, share: 1 / 12 },
    ])
  })

  test('by method', async () => {
    const { all, groups } = await read(provider, 'method')
    assert.equal(all.asked, 12)
    assert.deepEqual(
      groups.map(({ key, figures: { asked, given, issued, paid, refused } }) => [
        key,
        asked,
        given,
        issued,
        paid,
        refused,
      ]),
      [
        ['card', 9, 5, 5, 2, 2],
        ['sbp', 2, 2, 2, 1, 0],
        ['account', 1, 0, 0, 0, 1],
      ],
    )
    const account = groups.find(({ key }) => key === 'account')?.figures
    assert.deepEqual([account?.issue_rate, account?.payment_rate, account?.refusal_share], [0, null, 1])
    assert.deepEqual(account?.refusals, [{ reason: 'INSUFFICIENT_BALANCE', count: 1, share: 1 }])
  })

  test('by currency and by amount', async () => {
    const currencies = (await read(provider, 'currency')).groups
    assert.deepEqual(
      currencies.map(({ key, figures }) => [key, figures.asked]),
      [['RUB', 12]],
    )
    const bands = (await read(provider, 'amount_band')).groups
    assert.deepEqual(
      bands.map(({ key, figures }) => [key, figures.asked]),
      [
        ['RUB 1000.00–4999.99', 11],
        ['RUB 5000.00–9999.99', 1],
      ],
    )
  })

  test('a chart has every minute, and its sums are the figures', async () => {
    const { all, series, step_s } = await read(provider)
    assert.equal(step_s, 60)
    assert.equal(series.length, 60)
    assert.deepEqual([series[0]?.at, series.at(-1)?.at], [minutes(-60), minutes(-1)])
    for (const name of ['asked', 'given', 'refused', 'unknown', 'issued', 'paid'] as const)
      assert.equal(
        series.reduce((sum, step) => sum + step[name], 0),
        all[name],
        name,
      )
    assert.deepEqual(
      { ...series[10], at: null },
      { at: null, asked: 1, given: 1, refused: 0, unknown: 0, issued: 1, paid: 1 },
    )
  })

  test('an hour in which nothing happened has no rates, and nothing is 0 that cannot be reckoned', async () => {
    const { all, groups } = await read(provider, 'method', -600, -540)
    assert.deepEqual(groups, [])
    assert.deepEqual(
      [all.asked, all.issue_rate, all.payment_rate, all.refusal_share, all.unknown_share, all.early_failure_share],
      [0, null, null, null, null, null],
    )
    assert.deepEqual(
      [all.answer_ms, all.paid_after_s],
      [
        { p50: null, p95: null },
        { p50: null, p95: null },
      ],
    )
    assert.equal(all.provisional_until, null)
  })
})

test('requisites count in the hour they were given in, and their request in its own', async () => {
  const provider = await addProvider(t.ctx.sql, 0n)
  await add(provider, -30, 'expired', { issued_at: minutes(-29.5) })
  const before = (await read(provider, null, -60, -29.75)).all
  const afterwards = (await read(provider, null, -29.75, 0)).all
  assert.deepEqual([before.asked, before.given, before.issued], [1, 1, 0])
  assert.deepEqual([afterwards.asked, afterwards.given, afterwards.issued], [0, 0, 1])
})

test('a payment that an appeal proved is paid, counted apart from late ones, and says nothing about speed', async () => {
  const provider = await addProvider(t.ctx.sql, 1_000_000n)
  const attempt_id = nextAttempt()
  await hold(t.ctx.sql, provider, { attempt_id, amount_minor: 390_000n })
  const of = await add(provider, -45, 'expired', { attempt_id, ended_at: minutes(-14) })
  await releaseHold(t.ctx.sql, { provider_id: provider.id, attempt_id }, now)
  assert.equal((await read(provider)).all.paid, 0)
  const appeal = { provider_id: provider.id, attempt_id, appeal_id: 'apl_0000000000000001' }
  await freezeAppeal(t.ctx.sql, provider, appeal, { amount_minor: 390_000n, exponent: 2 }, now)
  await rebookAppeal(t.ctx.sql, appeal, now)
  await payByAppeal(t.ctx.sql, of, now)
  const { all } = await read(provider)
  assert.deepEqual(
    [all.issued, all.paid, all.paid_by_appeal, all.paid_late, all.payment_rate, all.paid_after_s.p50],
    [1, 1, 1, 0, 1, null],
  )
})

const states = [
  'requested',
  'issued',
  'success',
  'refused',
  'violation',
  'not_sent',
  'unknown',
  'failed',
  'expired',
] as const

test('whatever was asked: counts are those of the rows, and parts never exceed their whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...states), fc.integer({ min: -59, max: -1 })), { maxLength: 25 }),
      async (rows) => {
        const provider = await addProvider(t.ctx.sql, 0n)
        for (const [state, at] of rows) await add(provider, at, state, { ended_at: minutes(at + 5) })
        const { all, groups } = await read(provider, 'method')
        const count = (...wanted: string[]): number => rows.filter(([state]) => wanted.includes(state)).length
        const given = count('issued', 'success', 'failed', 'expired')
        assert.equal(all.asked, rows.length - count('not_sent'))
        assert.deepEqual([all.given, all.issued], [given, given])
        assert.deepEqual([all.paid, all.refused, all.unknown], [count('success'), count('refused'), count('unknown')])
        assert.equal(all.early_failures, count('failed'))
        assert.equal(
          groups.reduce((sum, { figures }) => sum + figures.asked, 0),
          all.asked,
        )
        assert.equal(
          all.refusals.reduce((sum, refusal) => sum + refusal.count, 0),
          all.refused,
        )
      },
    ),
    { numRuns: 15 },
  )
})
