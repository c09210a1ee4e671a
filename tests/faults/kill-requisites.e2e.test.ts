/**
 * Processes die at each step of a payment by requisites: nothing stays held that nobody is asked for, no attempt is ordered twice,
 * the payment ends in a known way, and its merchant is told once. Cascade API, 7.2.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { demoProviders } from '../../apps/server/demo/providers.ts'
import { findConnection } from '../../apps/server/src/cascades/read-connection.ts'
import { saveConnection } from '../../apps/server/src/cascades/save-connection.ts'
import { letPass, until } from '../product/time.ts'
import { type DeskName, openRequisitesStage, type RequisitesStage, settled_minor } from './requisites-stage.ts'

/** Longer than an answer is waited for, and than the patience with whoever asked. */
const orphan_s = 30
/** To the last question about requisites that were given for half an hour. */
const window_s = 32 * 60

let stage: RequisitesStage
before(async () => {
  stage = await openRequisitesStage()
  const { ctx } = stage.product
  const own = await findConnection(ctx, null, 441)
  assert.ok(own)
  assert.equal(await saveConnection(ctx, own, { create_timeout_s: 1 }), null)
})
after(() => stage?.close())
afterEach(() => stage.tidyUp())

const script = (step: string): void => stage.product.simulators.desks.script('volga', { steps: [step] })
const statuses = async (id: string): Promise<string[]> => (await stage.attemptsOf(id)).map(({ status }) => status)
const actsOf = async (id: string): Promise<string[]> => (await stage.buttonsOf(id)).map(({ act }) => act)
const both = [
  ['before', 'undone'],
  ['after', 'finished'],
] as const

/** Time for the next question, for the desks too; does not wait for the worker. */
async function jump(seconds: number): Promise<void> {
  stage.product.simulators.desks.advance({ advance_s: seconds })
  await letPass(stage.sql, seconds)
}

/** Whose requisites the payer sees. Where an order may still exist nobody is asked for a second one, so it may be the other desk. */
async function deskOf(id: string): Promise<DeskName> {
  const [row] = await stage.sql<{ provider_id: string }[]>`
    select provider_id from provider_payments where payment_id = ${id} and state = 'issued'`
  return demoProviders.find((one) => one.id === row?.provider_id)?.desk ?? assert.fail('no requisites are shown')
}

/** The payer pays by what he sees: the payment is paid once, told once, debited once, and nothing else is held. */
async function payAndProve(id: string): Promise<void> {
  const desk = await deskOf(id)
  const { total_minor } = await stage.figures(desk)
  await stage.pay(id)
  await stage.pass(11)
  await stage.reaches(id, 'processed')
  assert.equal(total_minor - (await stage.figures(desk)).total_minor, settled_minor)
  assert.equal((await stage.figures(desk)).held_minor, 0n)
  assert.deepEqual(await stage.eventsOf(id), ['process_pending', 'processed'])
  await stage.assertSound()
}

for (const [when, statements] of both) {
  test(`killed ${when} attempt and hold are committed, before the call: nobody was asked, and a worker looks on`, async () => {
    const door = await stage.holdCommit('api', 'insert')
    const id = await stage.transfer()
    await door.someoneWaits('api')
    await stage.kill(stage.api, statements, door)
    const committed = statements === 'finished'
    assert.deepEqual(await stage.providerStates(id), committed ? ['requested'] : [])
    assert.equal((await stage.figures('volga')).held_minor, committed ? settled_minor : 0n)
    assert.deepEqual(await stage.ordersOf(id), [])
    await stage.restart(stage.api)
    await stage.pass(orphan_s)
    await stage.attemptIs(id, 'incomplete')
    assert.deepEqual(await stage.providerStates(id), committed ? ['unknown', 'issued'] : ['issued'])
    assert.equal((await stage.ordersOf(id)).length, 1)
    await payAndProve(id)
  })

  test(`killed ${when} given requisites are written: nobody is asked twice with one attempt`, async () => {
    const door = await stage.holdCommit('api', 'update')
    const id = await stage.transfer()
    await door.someoneWaits('api')
    assert.equal((await stage.ordersOf(id)).length, 1)
    await stage.kill(stage.api, statements, door)
    const committed = statements === 'finished'
    assert.deepEqual(await stage.providerStates(id), [committed ? 'issued' : 'requested'])
    await stage.restart(stage.api)
    if (!committed) await stage.pass(orphan_s)
    await stage.attemptIs(id, 'incomplete')
    assert.deepEqual(await stage.providerStates(id), committed ? ['issued'] : ['unknown', 'issued'])
    assert.deepEqual(await actsOf(id), ['paid', 'other', 'cancel'])
    await payAndProve(id)
  })

  test(`killed ${when} a refusal and the next question are committed`, async () => {
    script('refuse:NO_REQUISITES')
    const door = await stage.holdCommit('api', 'update')
    const id = await stage.transfer()
    await door.someoneWaits('api')
    await stage.kill(stage.api, statements, door)
    const committed = statements === 'finished'
    assert.deepEqual(await stage.providerStates(id), committed ? ['refused', 'requested'] : ['requested'])
    await stage.restart(stage.api)
    await stage.pass(orphan_s)
    await stage.attemptIs(id, 'incomplete')
    assert.deepEqual(await stage.providerStates(id), [...(committed ? ['refused'] : []), 'unknown', 'issued'])
    await payAndProve(id)
  })

  test(`killed ${when} a success is written`, async () => {
    const { total_minor } = await stage.figures('volga')
    const id = await stage.transfer()
    await stage.attemptIs(id, 'incomplete')
    await stage.pay(id)
    const door = await stage.holdCommit('worker', 'update')
    await jump(12)
    await door.someoneWaits('worker')
    await stage.kill(stage.worker, statements, door)
    assert.equal(await stage.statusOf(id), statements === 'finished' ? 'processed' : 'process_pending')
    await stage.restart(stage.worker)
    await stage.reaches(id, 'processed')
    const { total_minor: left, held_minor } = await stage.figures('volga')
    assert.deepEqual([total_minor - left, held_minor], [settled_minor, 0n])
    assert.deepEqual(await stage.eventsOf(id), ['process_pending', 'processed'])
    await stage.assertSound()
  })

  test(`killed ${when} the end of the time is written: the provider is told, and asked on`, async () => {
    const before = await stage.figures('volga')
    script('issue_never')
    const id = await stage.transfer()
    await stage.attemptIs(id, 'incomplete')
    const door = await stage.holdCommit('worker', 'update')
    await jump(window_s)
    await door.someoneWaits('worker')
    await stage.kill(stage.worker, statements, door)
    assert.equal(await stage.statusOf(id), statements === 'finished' ? 'process_failed' : 'process_pending')
    await stage.restart(stage.worker)
    await stage.reaches(id, 'process_failed')
    await until('the provider is told', async () => (await stage.ordersOf(id)).every(({ cancelled }) => cancelled))
    assert.deepEqual(await stage.figures('volga'), before)
    assert.deepEqual(await stage.eventsOf(id), ['process_pending', 'process_failed'])
    await stage.assertSound()
  })

  test(`killed ${when} the payer's cancellation is written`, async () => {
    const before = await stage.figures('volga')
    const id = await stage.transfer()
    await stage.attemptIs(id, 'incomplete')
    const door = await stage.holdCommit('api', 'update')
    const pressed = stage.press(id, 'cancel').catch((error: unknown) => error)
    await door.someoneWaits('api')
    await stage.kill(stage.api, statements, door)
    assert.match(String(await pressed), /fetch failed/)
    await stage.restart(stage.api)
    if (statements === 'undone') {
      assert.equal(await stage.statusOf(id), 'process_pending')
      await stage.press(id, 'cancel')
    }
    assert.equal(await stage.statusOf(id), 'terminated')
    await until('the provider is told', async () => (await stage.ordersOf(id)).every(({ cancelled }) => cancelled))
    assert.deepEqual(await stage.figures('volga'), before)
    assert.deepEqual(await stage.eventsOf(id), ['process_pending', 'terminated'])
    await stage.assertSound()
  })

  test(`killed ${when} it is written that a provider was told of an end`, async () => {
    const id = await stage.transfer()
    await stage.attemptIs(id, 'incomplete')
    const door = await stage.holdCommit('worker', 'update')
    await stage.press(id, 'cancel')
    await door.someoneWaits('worker')
    assert.deepEqual(
      (await stage.ordersOf(id)).map(({ cancelled }) => cancelled),
      [true],
    )
    await stage.kill(stage.worker, statements, door)
    await stage.restart(stage.worker)
    await until('it is written', async () => {
      const [row] = await stage.sql<{ cancel_status: string }[]>`
        select cancel_status from provider_payments where payment_id = ${id}`
      return row?.cancel_status === 'delivered'
    })
    await stage.assertSound()
  })

  test(`an order that came to light too late is cancelled, also when the worker is killed ${when} it is noted`, async () => {
    const before = await stage.figures('volga')
    script('late_answer:2')
    const id = await stage.transfer()
    await stage.attemptIs(id, 'incomplete')
    assert.deepEqual(await statuses(id), ['orphaned', 'incomplete'])
    const door = await stage.holdCommit('worker', 'update')
    await door.someoneWaits('worker')
    await stage.kill(stage.worker, statements, door)
    await stage.restart(stage.worker)
    const cancelled = async (desk: DeskName) =>
      (await stage.ordersOf(id)).filter((one) => one.desk === desk).map((one) => one.cancelled)
    await until('it is cancelled', async () => (await cancelled('volga'))[0] === true)
    assert.deepEqual([await cancelled('volga'), await cancelled('neva')], [[true], [false]])
    assert.deepEqual(await stage.figures('volga'), before)
    await payAndProve(id)
  })
}

test('killed while a provider makes an order: the payer is given another one, and nobody is asked again with the attempt', async () => {
  script('slow:900')
  const id = await stage.transfer()
  await until('the provider has an order', async () => (await stage.ordersOf(id)).length === 1)
  await stage.kill(stage.api, 'finished')
  await stage.restart(stage.api)
  await stage.pass(orphan_s)
  await stage.attemptIs(id, 'incomplete')
  assert.deepEqual(await stage.providerStates(id), ['unknown', 'issued'])
  const orders = await stage.ordersOf(id)
  assert.deepEqual([orders.length, new Set(orders.map(({ attempt_id }) => attempt_id)).size], [2, 2])
  await payAndProve(id)
})

test('both processes are killed with requisites on the page: they are there again, and paid', async () => {
  const id = await stage.transfer()
  await stage.attemptIs(id, 'incomplete')
  await stage.kill(stage.api, 'finished')
  await stage.kill(stage.worker, 'finished')
  await stage.restart(stage.api)
  await stage.restart(stage.worker)
  assert.deepEqual(await actsOf(id), ['paid', 'other', 'cancel'])
  await stage.press(id, 'paid')
  await payAndProve(id)
})
