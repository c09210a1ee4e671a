/**
 * The provider's success, the end of the time, and the payer's buttons at once, at two APIs and two workers: one end for each
 * payment, and every transfer that came is debited once. Cascade API, 7.2, 7.3.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Process } from '../product/product.ts'
import { until, untilIdle } from '../product/time.ts'
import { type Button, openRequisitesStage, type RequisitesStage, settled_minor } from './requisites-stage.ts'

/** Past the last question about requisites, and past the lifetime of the payment. */
const window_s = 32 * 60
/** Of each kind. */
const payments = 6

let stage: RequisitesStage
let other: Process
before(async () => {
  stage = await openRequisitesStage()
  other = await stage.product.startProcess('api', { CASCAD_DATABASE_CONNECTIONS: '4' })
  await stage.product.startProcess('worker')
})
after(() => stage?.close())
afterEach(() => stage.tidyUp())

type Shown = { readonly id: string; readonly buttons: readonly Button[] }

async function show(): Promise<Shown> {
  const id = await stage.transfer()
  await stage.attemptIs(id, 'incomplete')
  return { id, buttons: await stage.buttonsOf(id) }
}

/** The button is pressed at both APIs. */
const press = ({ buttons }: Shown, act: string): Promise<unknown> =>
  Promise.all([stage.api.url, other.url].map((url) => buttons.find((one) => one.act === act)?.press(url)))

/** The last regular question is due, and no worker is kept from it by another one that asks. */
async function timeIsOver({ id }: Shown): Promise<void> {
  for (let times = 0; times < 3; times += 1) {
    await stage.sql`
      update provider_payments set finalise_at = least(finalise_at, ${new Date()}), poll_at = ${new Date()}, leased_until = null
      where payment_id = ${id} and state = 'issued'`
  }
}

const askNow = ({ id }: Shown) =>
  stage.sql`update provider_payments set poll_at = ${new Date()}, leased_until = null where payment_id = ${id} and poll_at is not null`

/** The button is pressed when a worker has just taken up the end of the time. */
async function overWhile(shown: Shown, act: string): Promise<void> {
  const over = timeIsOver(shown)
  await until('a worker has taken it up', async () => {
    const [row] = await stage.sql<{ taken: boolean }[]>`
      select bool_or(leased_until is not null or state <> 'issued') as taken from provider_payments where payment_id = ${shown.id}`
    return row?.taken === true
  })
  await Promise.all([over, press(shown, act)])
}

/** What happens at once, and how the payment may end. */
const races: Readonly<Record<string, { run: (shown: Shown) => readonly Promise<unknown>[]; ends: readonly string[] }>> =
  {
    'paid | cancelled': {
      run: (shown) => [stage.pay(shown.id), askNow(shown), press(shown, 'cancel')],
      ends: ['processed', 'terminated'],
    },
    'paid | others wanted': {
      run: (shown) => [stage.pay(shown.id), askNow(shown), press(shown, 'other')],
      ends: ['processed'],
    },
    'over | cancelled': {
      run: (shown) => [overWhile(shown, 'cancel')],
      ends: ['process_failed', 'terminated'],
    },
    'over | others wanted': {
      run: (shown) => [overWhile(shown, 'other')],
      ends: ['process_failed'],
    },
    'paid | over | cancelled | others wanted | said to be paid': {
      run: (shown) => [
        press(shown, 'cancel'),
        press(shown, 'other'),
        press(shown, 'paid'),
        stage.pay(shown.id),
        timeIsOver(shown),
      ],
      ends: ['processed', 'terminated'],
    },
  }

test('success, end of the time, cancellation and other wishes at once: each payment ends once', async () => {
  const before = await stage.figures('volga')
  const all = Object.values(races).flatMap((race) => Array.from({ length: payments }, () => race))
  const shown = await Promise.all(all.map(() => show()))
  await Promise.all(all.flatMap(({ run }, i) => run(shown[i] as Shown)))
  await untilIdle(stage.sql)
  // Whoever paid is found out: at the next questions, or at those after the end.
  for (const seconds of [61, window_s, 61, 61]) await stage.pass(seconds)
  for (const [i, { ends }] of all.entries()) {
    const { id } = shown[i] as Shown
    await until(`${id} has ended`, async () => ends.includes(await stage.statusOf(id)))
  }
  const paid = stage.product.simulators.desks.payments('volga').filter(({ set_status }) => set_status === 'success')
  assert.equal(paid.length, 3 * payments)
  const rows = await stage.sql<{ state: string; status: string; cases: number }[]>`
    select o.state, p.status, (select count(*)::int from provider_cases c where c.attempt_id = o.attempt_id) as cases
    from provider_payments o join payments p on p.account_id = o.account_id and p.id = o.payment_id
    where o.provider_reference = any(${paid.map(({ id }) => id)})`
  for (const { state, status, cases } of rows) {
    assert.equal(state, 'success')
    // Money of a payment that was cancelled before is nobody's sale: a person looks at it.
    assert.equal(cases, status === 'terminated' ? 1 : 0, status)
  }
  const left = await stage.figures('volga')
  assert.equal(before.total_minor - left.total_minor, BigInt(paid.length) * settled_minor)
  assert.equal(left.held_minor, 0n)
  await stage.assertSound()
})
