/**
 * The worker dies between a success of a payment and the end of the appeal about it, which asks for the same amount: the payment is
 * paid and debited once, and the appeal closes by itself. Cascade API, 7.3.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { findOpenAppeal, listAppealsOfPayment } from '../../apps/server/src/appeals/find-appeal.ts'
import { openAppeal } from '../../apps/server/src/appeals/open-appeal.ts'
import { sampleReceipt } from '../../apps/server/src/appeals/sample-files.ts'
import { findPaymentById } from '../../apps/server/src/payments/find-payment.ts'
import { until } from '../product/time.ts'
import { openRequisitesStage, type RequisitesStage, settled_minor } from './requisites-stage.ts'

/** To the last question about requisites that were given for half an hour. */
const window_s = 32 * 60
/** From one look to the next, whether a payment under appeal was paid meanwhile. */
const look_s = 16 * 60

let stage: RequisitesStage
before(async () => {
  stage = await openRequisitesStage()
})
after(() => stage?.close())
afterEach(() => stage.tidyUp())

/** A payment that failed, and an appeal that the provider has. */
async function appealed(): Promise<{ id: string; account_id: string }> {
  // The desk says that it knows the appeal, and goes on telling what became of the payment.
  stage.product.simulators.desks.script('volga', { steps: ['appeal:409'] })
  const id = await stage.transfer()
  await stage.attemptIs(id, 'incomplete')
  await stage.pass(window_s)
  await stage.reaches(id, 'process_failed')
  await until('no cancellation is under way', async () => {
    const [row] = await stage.sql`select 1 from provider_payments where payment_id = ${id} and cancel_at is not null`
    return row === undefined
  })
  const { ctx } = stage.product
  const payment = await findPaymentById(ctx, id)
  assert.ok(payment)
  const operator = { side: 'operator', name: 'ann', ip: null } as const
  const wish = { reason: 'not_credited', amount_minor: null, comment: '', receipt: sampleReceipt } as const
  const done = await openAppeal(ctx, payment, operator, wish)
  assert.ok(done.opened)
  await until('the provider has the appeal', async () => {
    const open = await findOpenAppeal(stage.sql, payment.account_id, id)
    return open?.state === 'submitted'
  })
  return { id, account_id: payment.account_id }
}

for (const [when, statements] of [
  ['before', 'undone'],
  ['after', 'finished'],
] as const) {
  test(`killed ${when} the success is committed: paid, debited and told once, and the appeal is closed`, async () => {
    const { total_minor } = await stage.figures('volga')
    const { id, account_id } = await appealed()
    // The next question is asked when the door is closed, however slow this machine is.
    await stage.pass(1)
    await stage.sql`update provider_payments set poll_at = now() + interval '1 day' where payment_id = ${id}`
    await stage.pay(id)
    const door = await stage.holdCommit('worker', 'update')
    await stage.sql`update provider_payments set poll_at = now() where payment_id = ${id}`
    await door.someoneWaits('worker')
    await stage.kill(stage.worker, statements, door)
    assert.equal(await stage.statusOf(id), statements === 'finished' ? 'processed' : 'process_failed')
    assert.equal((await findOpenAppeal(stage.sql, account_id, id))?.state, 'submitted')
    await stage.restart(stage.worker)
    await stage.reaches(id, 'processed')
    await stage.pass(look_s)
    await until('the appeal is closed', async () => (await findOpenAppeal(stage.sql, account_id, id)) === null)
    const [appeal] = await listAppealsOfPayment(stage.sql, account_id, id)
    assert.deepEqual([appeal?.state, appeal?.close_note], ['cancelled', 'resolved_by_success'])
    await stage.pass(1)
    const { total_minor: left, held_minor, available_minor } = await stage.figures('volga')
    assert.deepEqual([total_minor - left, held_minor, left - available_minor], [settled_minor, 0n, 0n])
    assert.deepEqual(await stage.eventsOf(id), ['process_pending', 'process_failed', 'processed'])
    await stage.assertSound()
  })
}
