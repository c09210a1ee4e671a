import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advancePayment } from './advance-payment.ts'
import type { State } from './find-payment.ts'
import type { Payment } from './payment.ts'
import { readAttempts } from './read-attempts.ts'
import {
  appealed,
  confirmed,
  context,
  issued,
  merchantHas,
  openAppeals,
  pass,
  providerOf,
  providersHave,
  refunded,
  searched,
  stateOf,
  success,
  tell,
  told,
} from './sample-appeals.ts'

openAppeals()

const amounts = (payment: Payment) => [
  payment.status,
  payment.processed_amount_minor,
  payment.processed_fee_minor,
  payment.processed_deposit_minor,
  payment.reserved_amount_minor,
]

/** By how much both sides changed while `body` ran. */
async function changed(body: () => Promise<unknown>) {
  const before = { merchant: await merchantHas(), provider: await providersHave() }
  await body()
  const after = { merchant: await merchantHas(), provider: await providersHave() }
  return {
    active: after.merchant.active - before.merchant.active,
    reserved: after.merchant.reserved - before.merchant.reserved,
    available: after.provider.available - before.provider.available,
    frozen: after.provider.frozen - before.provider.frozen,
    held: after.provider.held - before.provider.held,
  }
}

const stateOfProvider = async ({ attempts }: State, number: number) => {
  const attempt = attempts.find((one) => one.number === number)
  if (!attempt) throw new Error(`no attempt ${number}`)
  const { state, late, paid_at, poll_at, cancel_at } = (await providerOf(attempt)).row
  return [state, late, paid_at !== null, poll_at, cancel_at]
}

/** A worker looks at the payment, if it is due. */
const look = ({ account_id, id }: Payment) => advancePayment(context(), account_id, id, AbortSignal.timeout(10_000))

/** 3900.00 paid in full: 117.00 fee, 390.00 reserve. */
const whole = ['processed', 390_000n, 11_700n, 339_300n, 39_000n]

test('the merchant bears a lower amount also below zero', async () => {
  const paid = await tell(await issued(), success)
  const other = await tell(await issued({ amount_minor: 2_610_000n }), success)
  assert.equal((await merchantHas()).active, 2_610_000n)
  await refunded(other, 2_610_000n)
  assert.equal((await merchantHas()).active, 0n)
  await confirmed(await appealed(paid, 100_000n))
  assert.deepEqual(await merchantHas(), { active: 87_000n - 339_300n, reserved: 10_000n + 261_000n })
})

test('a payment that failed is processed, and the provider pays: 3900 asked, 3900 found', async () => {
  const shown = await issued()
  const failed = await tell(shown, { type: 'time_over', claimed: true })
  assert.equal(failed.payment.status, 'process_failed')
  let appeal: Awaited<ReturnType<typeof appealed>> | null = null
  const opening = await changed(async () => {
    appeal = await appealed(failed, 390_000n)
  })
  assert.deepEqual([opening.available, opening.frozen], [-45_614_036n, 45_614_036n])
  const closing = await changed(async () => {
    const { state, case: person } = await confirmed(appeal!)
    assert.equal(person, null)
    assert.deepEqual(amounts(state.payment), whole)
    const [attempt] = state.attempts
    assert.deepEqual(
      [attempt?.status, attempt?.winner, attempt?.late_approval, attempt?.approved_amount_minor],
      ['expired', true, true, 390_000n],
    )
    assert.deepEqual(await stateOfProvider(state, 1), ['success', true, true, null, null])
  })
  assert.deepEqual(closing, {
    active: 339_300n,
    reserved: 39_000n,
    available: 0n,
    frozen: -45_614_036n,
    held: 0n,
  })
  assert.deepEqual(await told(shown.payment), [
    { status: 'process_pending', processed_amount: null },
    { status: 'process_failed', processed_amount: null },
    { status: 'processed', processed_amount: 3900 },
  ])
})

for (const [amount_minor, freeze, available, active, reserved] of [
  [400_000n, 1_169_590n, -1_169_590n, 8_700n, 1_000n],
  [350_000n, 0n, 4_678_363n, -34_800n, -4_000n],
] as const) {
  test(`a payment of 3900.00 that was ${amount_minor} is corrected by the difference, and its merchant told again`, async () => {
    const paid = await tell(await issued(), success)
    assert.deepEqual(amounts(paid.payment), whole)
    const { processed_at } = paid.payment
    const moved = await changed(async () => {
      let appeal: Awaited<ReturnType<typeof appealed>> | null = null
      const opening = await changed(async () => {
        appeal = await appealed(paid, amount_minor)
      })
      assert.equal(opening.frozen, freeze)
      const { state } = await confirmed(appeal!)
      const fee = (amount_minor * 3n) / 100n
      const held_back = amount_minor / 10n
      assert.deepEqual(amounts(state.payment), [
        'processed',
        amount_minor,
        fee,
        amount_minor - fee - held_back,
        held_back,
      ])
      assert.deepEqual((await stateOf(state.payment)).payment, state.payment)
      const shown = JSON.parse(JSON.stringify(await readAttempts(context(), state.payment, '/')))
      assert.equal(shown.data[0].attributes.paid_amount, Number(amount_minor) / 100)
      assert.deepEqual(
        [state.payment.processed_at, state.attempts[0]?.approved_amount_minor],
        [processed_at, amount_minor],
      )
    })
    assert.deepEqual(moved, { active, reserved, available, frozen: 0n, held: 0n })
    assert.deepEqual((await told(paid.payment)).slice(1), [
      { status: 'processed', processed_amount: 3900 },
      { status: 'processed', processed_amount: Number(amount_minor) / 100 },
    ])
  })
}

test('requisites that are still shown: the hold goes, and the new amount is paid: 3900 asked, 4000 found', async () => {
  const moved = await changed(async () => {
    const shown = await issued()
    const appeal = await appealed(shown, 400_000n)
    const { state } = await confirmed(appeal)
    assert.deepEqual(amounts(state.payment), ['processed', 400_000n, 12_000n, 348_000n, 40_000n])
    assert.deepEqual([state.attempts[0]?.status, state.attempts[0]?.winner], ['approved', true])
    assert.deepEqual(await stateOfProvider(state, 1), ['success', false, true, null, null])
  })
  assert.deepEqual(moved, { active: 348_000n, reserved: 40_000n, available: -46_783_626n, frozen: 0n, held: 0n })
})

test('less than was asked for settles a failed payment in part', async () => {
  const failed = await tell(await issued(), { type: 'time_over', claimed: true })
  const { state } = await confirmed(await appealed(failed, 350_000n))
  assert.deepEqual(amounts(state.payment), ['partially_processed', 350_000n, 10_500n, 304_500n, 35_000n])
})

test('up, down and up again comes to the last amount, whatever was released meanwhile', async () => {
  const paid = await tell(await issued(), success)
  const moved = await changed(async () => {
    await confirmed(await appealed(paid, 500_000n))
    await confirmed(await appealed(paid, 100n))
    pass(61)
    await look(paid.payment)
    assert.equal((await stateOf(paid.payment)).payment.unreserved, true)
    const { state } = await confirmed(await appealed(paid, 420_000n))
    assert.deepEqual(amounts(state.payment), ['processed', 420_000n, 12_600n, 365_400n, 42_000n])
    assert.equal(state.payment.unreserved, true)
  })
  assert.deepEqual([moved.active, moved.reserved], [420_000n - 12_600n - 339_300n, -39_000n])
})

test('money for a terminated payment lies on unallocated receipts, and a person is told', async () => {
  const ended = await tell(await issued(), { type: 'given_up', then: 'end' })
  assert.equal(ended.payment.status, 'terminated')
  const moved = await changed(async () => {
    const { state, case: person } = await confirmed(await appealed(ended, 390_000n))
    assert.deepEqual(
      [person, state.payment.status, state.attempts[0]?.late_approval],
      ['appeal_on_terminated', 'terminated', true],
    )
    assert.deepEqual(await stateOfProvider(state, 1), ['success', true, true, null, null])
  })
  assert.deepEqual([moved.active, moved.available], [0n, -45_614_036n])
  const booked = async () =>
    context().sql<{ code: string; debit: string; credit: string; amount_minor: bigint }[]>`
      select code, debit, credit, amount_minor from ledger_transfers where subject_id = ${ended.payment.id} order by id`
  assert.deepEqual(
    (await booked()).map(({ code, credit, amount_minor }) => [code, credit, amount_minor]),
    [['late_approval', 'platform:late_approvals', 390_000n]],
  )
  await confirmed(await appealed(ended, 300_000n))
  assert.deepEqual((await booked()).map(({ code, debit, amount_minor }) => [code, debit, amount_minor])[1], [
    'late_approval_correction',
    'platform:late_approvals',
    90_000n,
  ])
  const cases = await context().sql`select kind from provider_cases where payment_id = ${ended.payment.id}`
  assert.deepEqual([...cases], [{ kind: 'appeal_on_terminated' }])
  assert.equal((await told(ended.payment)).at(-1)?.status, 'terminated')
})

test('where another attempt has won the merchant is credited once', async () => {
  const given_up = await tell(await issued(), { type: 'given_up', then: 'search' })
  const again = await searched(given_up)
  assert.equal(again.attempts.length, 2)
  const paid = await tell(again, success, 2)
  assert.deepEqual(amounts(paid.payment), whole)
  const moved = await changed(async () => {
    const { state, case: person } = await confirmed(await appealed(paid, 390_000n, 1))
    assert.equal(person, 'double_success')
    assert.deepEqual(
      state.attempts.map(({ winner }) => winner),
      [false, true],
    )
    assert.deepEqual(amounts(state.payment), whole)
  })
  assert.deepEqual([moved.active, moved.reserved, moved.available], [0n, 0n, -45_614_036n])
  assert.equal((await told(paid.payment)).at(-1)?.status, 'processed')
})

test('an appeal about given-up requisites wins an open payment, and what comes for the others is nobody’s sale', async () => {
  const again = await searched(await tell(await issued(), { type: 'given_up', then: 'search' }))
  const { state } = await confirmed(await appealed(again, 390_000n, 1))
  assert.deepEqual(amounts(state.payment), whole)
  await look(state.payment)
  const { payment, attempts } = await stateOf(state.payment)
  assert.deepEqual(
    attempts.map(({ status, winner }) => [status, winner]),
    [
      ['cancelled', true],
      ['cancelled', false],
    ],
  )
  assert.equal((await stateOfProvider(state, 2))[0], 'cancelled')
  await look(payment)
  assert.deepEqual((await stateOf(payment)).payment.due_at, payment.reserve_expires_at)
  const late = await tell(state, success, 2)
  assert.deepEqual(
    late.attempts.map(({ status, winner, late_approval }) => [status, winner, late_approval]),
    [
      ['cancelled', true, true],
      ['cancelled', false, true],
    ],
  )
  assert.deepEqual(amounts((await stateOf(late.payment)).payment), whole)
})

test('each appeal settles once, also by two processes at once', async () => {
  const failed = await tell(await issued(), { type: 'time_over', claimed: true })
  const appeal = await appealed(failed, 390_000n)
  const moved = await changed(() => Promise.all([confirmed(appeal), confirmed(appeal), confirmed(appeal)]))
  assert.deepEqual([moved.active, moved.frozen], [339_300n, -45_614_036n])
  const { payment } = await stateOf(failed.payment)
  const up = await appealed(failed, 400_000n)
  await confirmed(up)
  const version = (await stateOf(payment)).payment.version
  const again = await changed(async () => {
    const { state, case: person } = await confirmed(appeal)
    assert.deepEqual([person, state.payment.version], [null, version])
  })
  assert.deepEqual(again, { active: 0n, reserved: 0n, available: 0n, frozen: 0n, held: 0n })
  assert.equal((await told(payment)).length, 4)
})

test('beside a late success the amount of the appeal stands, and both are paid once', async () => {
  for (let round = 0; round < 6; round += 1) {
    const failed = await tell(await issued(), { type: 'time_over', claimed: true })
    const appeal = await appealed(failed, 400_000n)
    const moved = await changed(() =>
      Promise.all(
        round % 2 === 0 ? [confirmed(appeal), tell(failed, success, 1)] : [tell(failed, success, 1), confirmed(appeal)],
      ),
    )
    const { payment, attempts } = await stateOf(failed.payment)
    assert.deepEqual(amounts(payment), ['processed', 400_000n, 12_000n, 348_000n, 40_000n])
    assert.deepEqual(
      attempts.map(({ winner, approved_amount_minor }) => [winner, approved_amount_minor]),
      [[true, 400_000n]],
    )
    assert.deepEqual(moved, { active: 348_000n, reserved: 40_000n, available: 0n, frozen: -46_783_626n, held: 0n })
  }
})

test('in another currency than the invoice’s: by the rate the payment has, to the last cent', async () => {
  const paid = await tell(await issued({ amount_minor: 10_000n, currency: 'USD' }), success)
  assert.deepEqual(amounts(paid.payment), ['processed', 10_000n, 300n, 8_700n, 1_000n])
  assert.equal(paid.attempts[0]?.amount_minor, 900_000n)
  const before = await merchantHas('USD')
  const { state } = await confirmed(await appealed(paid, 850_050n))
  assert.deepEqual(amounts(state.payment), ['processed', 9_445n, 284n, 8_216n, 945n])
  const { active } = await merchantHas('USD')
  assert.equal(active - before.active, 8_216n - 8_700n)
})

test('beside a refund: never below what was given back, and never more given back than was paid', async () => {
  const seen = new Set<string>()
  for (let round = 0; round < 6; round += 1) {
    const paid = await tell(await issued(), success)
    const appeal = await appealed(paid, 150_000n)
    const both = [() => confirmed(appeal), () => refunded(paid, 200_000n)]
    await Promise.all((round % 2 === 0 ? both : both.reverse()).map((act) => act()))
    const { payment } = await stateOf(paid.payment)
    seen.add(`${payment.status} ${payment.processed_amount_minor} ${payment.refunded_amount_minor}`)
  }
  assert.ok(seen.isSubsetOf(new Set(['processed 150000 null', 'refunded 200000 200000'])), [...seen].join(', '))
})
