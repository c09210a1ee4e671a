/** What desks are told of appeals, and what their answers make of them. Cascade API, sections 4.4, 4.5, 5; checks B2, B15, B16. */
import assert from 'node:assert/strict'
import { afterEach, describe, it, test } from 'node:test'
import { acceptAppeal } from './accept-appeal.ts'
import { bySystem } from './by-system.ts'
import { lease_ms } from './call-provider.ts'
import { decideAppeal } from './decide-appeal.ts'
import { deleteOldReceipts } from './delete-old-receipts.ts'
import { readAudit, readThread } from './find-appeal.ts'
import { moveAppeal } from './move-appeal.ts'
import { readReceipt } from './read-receipt.ts'
import { ann, appealWorld, desk, merchant } from './sample-world.ts'
import { claimDueAppeals } from './table.ts'
import { withdrawAppeal } from './withdraw-appeal.ts'

const world = appealWorld()
afterEach(async () => assert.deepEqual(await world.wrong(), []))

describe('what the endpoint answers to CREATE_APPEAL', () => {
  it('an id is kept and used for the close', async () => {
    const state = await world.failed()
    const name = await world.deskOf(state)
    const appeal = await world.submitted(state)
    const known = world.desks().appeals(name).at(-1)
    assert.equal(appeal.appeal_reference, known?.id)
    const { id, amount, url } = world.calls(name, 'CREATE_APPEAL').at(-1) as { id: string; amount: number; url: string }
    assert.deepEqual([id, Number(amount)], [appeal.payment_reference, 3900])
    assert.match(url, /\/receipts\/rcp_[A-Za-z0-9]{16}\.pdf\?exp=\d+&sig=[A-Za-z0-9_-]{43}$/)
    await acceptAppeal(world.ctx(), appeal, desk)
    await world.work()
    assert.deepEqual(world.calls(name, 'CONFIRM_APPEAL').at(-1), { id: known?.id })
    assert.equal(world.desks().appeals(name).at(-1)?.state, 'confirmed')
    assert.equal((await world.again(appeal)).send, null)
  })

  it('B16: without an id the payment’s stands for it', async () => {
    const state = await world.failed({}, 'appeal:no_id')
    const appeal = await world.submitted(state)
    assert.deepEqual([appeal.state, appeal.appeal_reference], ['submitted', null])
    await acceptAppeal(world.ctx(), appeal, desk)
    await world.work()
    assert.deepEqual(world.calls(await world.deskOf(state), 'CONFIRM_APPEAL').at(-1), { id: appeal.payment_reference })
  })

  it('409 is an acknowledgement', async () => {
    const appeal = await world.submitted(await world.failed({}, 'appeal:409'))
    assert.equal(appeal.state, 'submitted')
    const { steps } = await readAudit(world.ctx().sql, appeal)
    assert.deepEqual(steps.map(({ act, detail }) => [act, detail]).at(-1), ['acknowledge', 'known before'])
  })

  it('400 brings it before an operator, who may confirm alone', async () => {
    const state = await world.failed({}, 'appeal:400')
    const appeal = await world.submitted(state)
    assert.deepEqual([appeal.state, appeal.create_undelivered, appeal.send], ['arbitration', false, null])
    assert.ok(appeal.refused_text)
    const done = await decideAppeal(world.ctx(), appeal, ann, {
      verdict: 'confirm',
      comment: 'The desk agreed by phone.',
    })
    assert.equal(done.appeal.state, 'confirmed')
    assert.equal((await world.stateOf(state)).payment.status, 'processed')
  })

  it('500 is tried five times, a minute apart, each with a fresh address, and then brought before an operator', async () => {
    const state = await world.failed({}, 'appeal:500')
    const name = await world.deskOf(state)
    const told = () =>
      world.calls(name, 'CREATE_APPEAL').filter((data) => (data as { id: string }).id === appeal.payment_reference)
    const appeal = await world.opened(state)
    for (const tries of [1, 2, 3, 4]) {
      await world.work()
      assert.equal(told().length, tries)
      assert.equal((await world.again(appeal)).state, 'opened')
      world.pass(61 / 3600)
    }
    await world.work()
    assert.equal(told().length, 5)
    const given_up = await world.again(appeal)
    assert.deepEqual([given_up.state, given_up.create_undelivered], ['arbitration', true])
    assert.equal(new Set(told().map((data) => (data as { url: string }).url)).size, 5)
    world.pass(1)
    await world.work()
    assert.equal(told().length, 5)
  })
})

describe('what the endpoint answers to the close', () => {
  it('404 is delivered', async () => {
    const state = await world.failed({}, 'close:404')
    const appeal = await world.submitted(state)
    await acceptAppeal(world.ctx(), appeal, desk)
    await world.work()
    const after = await world.again(appeal)
    assert.deepEqual([after.state, after.send, after.close_undelivered], ['confirmed', null, false])
  })

  it('500 is told again for a day, then flagged; the decision stands', async () => {
    const state = await world.failed({}, 'close:500')
    const name = await world.deskOf(state)
    const appeal = await world.submitted(state)
    await withdrawAppeal(world.ctx(), appeal, merchant)
    for (let tries = 0; tries < 40; tries += 1) {
      await world.work()
      if ((await world.again(appeal)).send === null) break
      world.pass(tries < 4 ? 61 / 3600 : 1.01)
    }
    const after = await world.again(appeal)
    assert.deepEqual([after.state, after.close_undelivered], ['cancelled', true])
    const told = world
      .calls(name, 'CANCEL_APPEAL')
      .filter((data) => (data as { id: string }).id === appeal.appeal_reference)
    assert.equal(told.length, after.send_tries)
    assert.ok(told.length > 20 && told.length <= 28, String(told.length))
  })
})

describe('a process that dies', () => {
  it('after the provider’s yes and before its money: the worker settles it', async () => {
    const state = await world.failed()
    const appeal = await world.submitted(state)
    await moveAppeal(world.ctx(), appeal, { actor: desk, act: { type: 'accept' } })
    assert.equal((await world.again(appeal)).state, 'accepted')
    await world.work()
    assert.deepEqual([(await world.again(appeal)).state, (await world.again(appeal)).send], ['confirmed', null])
    assert.equal((await world.stateOf(state)).payment.status, 'processed')
  })

  it('with an appeal in hand: another takes it up when the lease has run out', async () => {
    const appeal = await world.opened(await world.failed())
    const now = world.ctx().now()
    const leased_until = new Date(now.getTime() + lease_ms)
    const claimed = await claimDueAppeals(world.ctx().sql, { now, leased_until, limit: 10 })
    assert.deepEqual(
      claimed.map(({ id }) => id),
      [appeal.id],
    )
    await world.work()
    assert.equal((await world.again(appeal)).state, 'opened')
    world.pass(61 / 3600)
    await world.work()
    assert.equal((await world.again(appeal)).state, 'submitted')
    await withdrawAppeal(world.ctx(), appeal, merchant)
  })

  it('an appeal that is withdrawn while the provider is being told: the close waits, and carries the id that came back', async () => {
    const state = await world.failed()
    const name = await world.deskOf(state)
    const appeal = await world.opened(state)
    const now = world.ctx().now()
    await claimDueAppeals(world.ctx().sql, { now, leased_until: new Date(now.getTime() + lease_ms), limit: 10 })
    await withdrawAppeal(world.ctx(), appeal, merchant)
    const told = world.calls(name, 'CANCEL_APPEAL').length
    await world.work()
    assert.equal(world.calls(name, 'CANCEL_APPEAL').length, told)
    const acknowledge = { type: 'acknowledge', reference: 'A-77', known_before: false } as const
    await moveAppeal(world.ctx(), appeal, { actor: bySystem, act: acknowledge })
    world.pass(61 / 3600)
    await world.work()
    assert.deepEqual(world.calls(name, 'CANCEL_APPEAL').at(-1), { id: 'A-77' })
  })
})

test('two workers at once take each appeal once', async () => {
  const state = await world.failed()
  const name = await world.deskOf(state)
  const appeal = await world.opened(state)
  await Promise.all([world.work(), world.work(), world.work()])
  const told = world
    .calls(name, 'CREATE_APPEAL')
    .filter((data) => (data as { id: string }).id === appeal.payment_reference)
  assert.equal(told.length, 1)
  await withdrawAppeal(world.ctx(), appeal, merchant)
})

test('a refused close is put before a person, and what was decided stands', async () => {
  const state = await world.failed()
  const appeal = await world.submitted(state)
  await withdrawAppeal(world.ctx(), appeal, merchant)
  await world.wrongKey(state, async () => {
    await world.work()
  })
  const after = await world.again(appeal)
  assert.deepEqual([after.state, after.send], ['cancelled', null])
  const { steps } = await readAudit(world.ctx().sql, appeal)
  assert.deepEqual([steps.at(-1)?.act, steps.at(-1)?.detail], ['refuse_close', 'status 401'])
  const cases = await world.ctx().sql<{ kind: string }[]>`
    select kind from provider_cases where attempt_id = ${appeal.attempt_id}`
  assert.deepEqual(
    cases.map(({ kind }) => kind),
    ['appeal_close_refused'],
  )
})

test('files are kept for a year after the close, and gone then; that they were there stays', async () => {
  const appeal = await world.opened(await world.failed())
  const { receipt } = await readThread(world.ctx().sql, appeal)
  const fetched = () => readReceipt(world.ctx(), receipt?.id ?? '', { way: 'link', ip: '192.0.2.9' })
  const remove = () => deleteOldReceipts(world.ctx(), new AbortController().signal)
  world.pass(24 * 400)
  await remove()
  assert.ok(await fetched(), 'an open appeal keeps its receipt')
  await withdrawAppeal(world.ctx(), appeal, merchant)
  world.pass(24 * 364)
  await remove()
  assert.ok(await fetched())
  world.pass(24 * 2)
  await remove()
  assert.equal(await fetched(), null)
  assert.equal((await readThread(world.ctx().sql, appeal)).receipt, null)
  const [row] = await world.ctx().sql<{ gone: boolean; hash: number }[]>`
    select content_encrypted is null as gone, length(sha256) as hash from receipts where id = ${appeal.receipt_id}`
  assert.deepEqual(row, { gone: true, hash: 32 })
})
