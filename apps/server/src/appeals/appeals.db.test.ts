/** Appeals over real payments by requisites, real PostgreSQL, desks over HTTP. Cascade API, section 11; checks B8, B15. */
import assert from 'node:assert/strict'
import { afterEach, describe, it, test } from 'node:test'
import { acceptAmount } from './accept-amount.ts'
import { acceptAppeal } from './accept-appeal.ts'
import { addMessage } from './add-message.ts'
import { readAppealView } from './appeal-view.ts'
import { contestAppeal } from './contest-appeal.ts'
import { decideAppeal } from './decide-appeal.ts'
import { readAudit, readThread } from './find-appeal.ts'
import { openPayerAppeal } from './open-payer-appeal.ts'
import { rejectAppeal } from './reject-appeal.ts'
import { sampleFiles, sampleReceipt } from './sample-files.ts'
import { ann, appealWorld, ben, desk, merchant, success } from './sample-world.ts'
import { withdrawAppeal } from './withdraw-appeal.ts'

const world = appealWorld()
afterEach(async () => assert.deepEqual(await world.wrong(), []))

const rejection = { reason: 'payment_not_found', text: '', amount_seen_minor: null, evidence: sampleReceipt } as const
const nothing = { text: '', files: [] } as const

/** By how much the balances changed meanwhile. */
async function changed(body: () => Promise<unknown>) {
  const before = await world.figures()
  await body()
  const after = await world.figures()
  return {
    available: after.available - before.available,
    frozen: after.frozen - before.frozen,
    held: after.held - before.held,
  }
}

describe('B8: the vectors of 11.4', () => {
  it('3900 failed, appeal 3900', async () => {
    const state = await world.failed()
    let appeal = await world.again(await world.opened(state).then((one) => one))
    assert.deepEqual([appeal.settlement_minor, appeal.freeze_minor], [45_614_036n, 45_614_036n])
    await world.work()
    appeal = await world.again(appeal)
    assert.equal(appeal.state, 'submitted')
    const net = await changed(() => acceptAppeal(world.ctx(), appeal, desk))
    assert.deepEqual(net, { available: 0n, frozen: -45_614_036n, held: 0n })
    assert.equal((await world.again(appeal)).state, 'confirmed')
    const { payment } = await world.stateOf(state)
    assert.deepEqual([payment.status, payment.processed_amount_minor], ['processed', 390_000n])
    assert.equal((await world.rowOf(state)).state, 'success')
  })

  for (const [name, amount_minor, freeze, net] of [
    ['3900 success, appeal 4000', 400_000n, 1_169_590n, -1_169_590n],
    ['3900 success, appeal 3500', 350_000n, 0n, 4_678_363n],
  ] as const) {
    it(name, async () => {
      const state = await world.tell(await world.issued(), success)
      const sum = await changed(async () => {
        const appeal = await world.submitted(state, { reason: 'wrong_amount', amount_minor })
        assert.equal(appeal.freeze_minor, freeze)
        assert.equal((await acceptAppeal(world.ctx(), appeal, desk)).appeal.state, 'confirmed')
      })
      assert.deepEqual(sum, { available: net, frozen: 0n, held: 0n })
      const { payment } = await world.stateOf(state)
      assert.deepEqual([payment.status, payment.processed_amount_minor], ['processed', amount_minor])
    })
  }

  it('3900 issued, appeal 4000', async () => {
    const sum = await changed(async () => {
      const state = await world.issued()
      const appeal = await world.submitted(state, { reason: 'wrong_amount', amount_minor: 400_000n })
      assert.equal(appeal.freeze_minor, 1_169_590n)
      await acceptAppeal(world.ctx(), appeal, desk)
      assert.equal((await world.stateOf(state)).payment.processed_amount_minor, 400_000n)
    })
    assert.deepEqual(sum, { available: -46_783_626n, frozen: 0n, held: 0n })
  })

  it('cancelled: everything is as it was', async () => {
    const state = await world.failed()
    const sum = await changed(async () => {
      const appeal = await world.submitted(state)
      await withdrawAppeal(world.ctx(), appeal, merchant)
    })
    assert.deepEqual(sum, { available: 0n, frozen: 0n, held: 0n })
    assert.equal((await world.stateOf(state)).payment.status, 'process_failed')
    assert.equal((await world.rowOf(state)).state, 'expired')
  })
})

describe('B15: one open appeal, three in all', () => {
  it('of many that come at once one is opened', async () => {
    const state = await world.failed()
    const all = await Promise.all(Array.from({ length: 12 }, () => world.open(state)))
    assert.equal(all.filter(({ opened }) => opened).length, 1)
    for (const one of all) if (!one.opened) assert.equal(one.refused, 'appeal_exists')
    const { frozen } = await changed(async () => {
      for (const one of all) if (one.opened) await withdrawAppeal(world.ctx(), one.appeal, merchant)
    })
    assert.equal(frozen, -45_614_036n)
  })

  it('the fourth is refused', async () => {
    const state = await world.failed()
    for (const number of [1, 2, 3]) {
      const appeal = await world.opened(state)
      assert.equal(appeal.number, number)
      assert.equal((await withdrawAppeal(world.ctx(), appeal, merchant)).result, 'moved')
    }
    const fourth = await world.open(state)
    assert.ok(!fourth.opened && fourth.refused === 'too_many')
  })

  it('refused requisites, and orders that nobody was shown, cannot be appealed; nor what is older than 14 days', async () => {
    const state = await world.failed()
    const none = await world.open(state, { attempt_id: 'pay_0000000000000000' })
    assert.ok(!none.opened && none.refused === 'not_appealable')
    world.pass(24 * 14 + 1)
    const late = await world.open(state)
    assert.ok(!late.opened && late.refused === 'too_late')
  })
})

describe('B15: the provider’s no', () => {
  it('needs evidence that is a file; contested, two operators have to say yes', async () => {
    const state = await world.failed()
    const appeal = await world.submitted(state)
    const exe = { name: 'proof.pdf', bytes: sampleFiles.exe }
    const refused = await rejectAppeal(world.ctx(), appeal, desk, { ...rejection, evidence: exe })
    assert.ok(refused.result === 'refused' && refused.why === 'receipt_type')
    assert.equal((await rejectAppeal(world.ctx(), appeal, desk, rejection)).result, 'moved')
    assert.equal(
      (await contestAppeal(world.ctx(), appeal, merchant, { text: 'Here it is again.', files: [] })).result,
      'moved',
    )
    const verdict = { verdict: 'confirm', comment: 'I see the transfer.' } as const
    const first = await decideAppeal(world.ctx(), appeal, ann, verdict)
    assert.deepEqual([first.result, first.appeal.state], ['moved', 'arbitration'])
    const twice = await decideAppeal(world.ctx(), appeal, ann, verdict)
    assert.ok(twice.result === 'refused' && twice.why === 'same_person')
    assert.equal((await world.stateOf(state)).payment.status, 'process_failed')
    const second = await decideAppeal(world.ctx(), appeal, ben, verdict)
    assert.equal(second.appeal.state, 'confirmed')
    assert.equal((await world.stateOf(state)).payment.status, 'processed')
    const { thread } = await readThread(world.ctx().sql, appeal)
    assert.deepEqual(
      thread.map(({ side, kind, internal, files }) => [side, kind, internal, files.length]),
      [
        ['provider', 'verdict', false, 1],
        ['merchant', 'contest', false, 0],
        ['operator', 'decision', true, 0],
        ['operator', 'decision', false, 0],
      ],
    )
  })

  it('stands after 24 hours without a contest', async () => {
    const state = await world.failed()
    const appeal = await world.submitted(state)
    await rejectAppeal(world.ctx(), appeal, desk, rejection)
    world.pass(23.9)
    await world.work()
    assert.equal((await world.again(appeal)).state, 'rejected')
    world.pass(0.2)
    const late = await contestAppeal(world.ctx(), appeal, merchant, nothing)
    assert.ok(late.result === 'refused' && late.why === 'too_late')
    await world.work()
    const after = await world.again(appeal)
    assert.deepEqual([after.state, after.close_note], ['cancelled', 'not_contested'])
    assert.equal((await world.stateOf(state)).payment.status, 'process_failed')
  })

  it('with another amount: the opener takes it, and a new appeal begins with it and the same receipt', async () => {
    const state = await world.failed()
    const appeal = await world.submitted(state)
    const seen = { ...rejection, reason: 'amount_differs', amount_seen_minor: 350_000n } as const
    await rejectAppeal(world.ctx(), appeal, desk, seen)
    const taken = await acceptAmount(world.ctx(), appeal, merchant)
    assert.ok(taken.accepted)
    const old = await world.again(appeal)
    assert.deepEqual([old.state, old.close_note], ['cancelled', 'amount_accepted'])
    assert.deepEqual([taken.appeal.number, taken.appeal.amount_minor, taken.appeal.state], [2, 350_000n, 'opened'])
    assert.notEqual(taken.appeal.receipt_id, appeal.receipt_id)
    await world.work()
    await acceptAppeal(world.ctx(), taken.appeal, desk)
    const { payment } = await world.stateOf(state)
    assert.deepEqual([payment.status, payment.processed_amount_minor], ['partially_processed', 350_000n])
    const again = await acceptAmount(world.ctx(), appeal, merchant)
    assert.ok(!again.accepted && again.refused === 'closed')
  })
})

describe('B15: silence', () => {
  it('of the provider: reminded at 12 hours, an operator at 24, alarms from then on, and never a decision', async () => {
    const state = await world.failed()
    const appeal = await world.submitted(state)
    const seen: string[] = []
    for (let hours = 0; hours < 120; hours += 4) {
      world.pass(4.001)
      await world.work()
      seen.push((await world.again(appeal)).state)
    }
    assert.deepEqual([...new Set(seen)], ['submitted', 'arbitration'])
    const { steps } = await readAudit(world.ctx().sql, appeal)
    const acts = steps.map(({ act, detail }) => (detail === 'overdue' ? `${act} overdue` : act))
    assert.deepEqual(acts.slice(0, 4), ['open', 'acknowledge', 'remind', 'no_verdict'])
    assert.ok(acts.filter((act) => act === 'alarm overdue').length > 10)
    assert.equal(
      (await decideAppeal(world.ctx(), appeal, ann, { verdict: 'cancel', comment: 'No transfer.' })).appeal.state,
      'cancelled',
    )
    assert.equal((await world.stateOf(state)).payment.status, 'process_failed')
  })
})

describe('the payment succeeds by itself', () => {
  it('with the appeal’s amount: the appeal closes, the freeze is released, the provider is told, and the merchant is credited once', async () => {
    const state = await world.failed()
    const name = await world.deskOf(state)
    const sum = await changed(async () => {
      const appeal = await world.submitted(state)
      await world.tell(state, success)
      world.pass(61 / 3600)
      await world.work()
      const after = await world.again(appeal)
      assert.deepEqual([after.state, after.close_note, after.send], ['cancelled', 'resolved_by_success', null])
      assert.deepEqual(world.calls(name, 'CANCEL_APPEAL').at(-1), { id: after.appeal_reference })
    })
    assert.deepEqual(sum, { available: -45_614_036n, frozen: 0n, held: 0n })
    const { payment } = await world.stateOf(state)
    assert.deepEqual([payment.status, payment.processed_amount_minor], ['processed', 390_000n])
  })

  it('with another amount than the appeal’s: the appeal goes on, and its amount is what counts in the end', async () => {
    const state = await world.issued()
    const sum = await changed(async () => {
      const appeal = await world.submitted(state, { reason: 'wrong_amount', amount_minor: 400_000n })
      await world.tell(state, success)
      world.pass(0.1)
      await world.work()
      assert.equal((await world.again(appeal)).state, 'submitted')
      await acceptAppeal(world.ctx(), appeal, desk)
    })
    assert.deepEqual(sum, { available: -46_783_626n + 45_614_036n, frozen: 0n, held: -45_614_036n })
    assert.equal((await world.stateOf(state)).payment.processed_amount_minor, 400_000n)
  })
})

test('a merchant who wants it is told every step; the payment’s own callbacks come as ever', async () => {
  const state = await world.failed()
  const { sql } = world.ctx()
  await sql`update accounts set options = (options::jsonb || '{"payment_appeals_callbacks": true}')::json where id = ${state.payment.account_id}`
  const { forgetAccount } = await import('../accounts/find-account.ts')
  forgetAccount(world.ctx(), state.payment.account_id)
  const appeal = await world.submitted(state)
  await acceptAppeal(world.ctx(), appeal, desk)
  const events = await sql<{ subject_id: string; subject_status: string; body: string }[]>`
    select subject_id, subject_status, body from callback_events
    where subject_id in (${appeal.id}, ${state.payment.id}) order by created_at, id`
  const told = events.filter(({ subject_id }) => subject_id === appeal.id)
  assert.deepEqual(
    told.map(({ subject_status }) => subject_status),
    ['opened', 'submitted', 'accepted', 'confirmed'],
  )
  const last = JSON.parse(told.at(-1)?.body ?? '').data
  assert.deepEqual(
    [last.type, last.id, last.attributes.status, last.attributes.amount],
    ['payment-appeals', appeal.id, 'confirmed', 3900],
  )
  const statuses = events
    .filter(({ subject_id }) => subject_id === state.payment.id)
    .map(({ subject_status }) => subject_status)
  assert.deepEqual(statuses, ['process_pending', 'process_failed', 'processed'])
  await sql`update accounts set options = (options::jsonb - 'payment_appeals_callbacks')::json where id = ${state.payment.account_id}`
  forgetAccount(world.ctx(), state.payment.account_id)
})

test('a payer appeals if his merchant lets him, and sees how it stands without what is none of his business', async () => {
  const state = await world.failed()
  const account = await world.account()
  const wish = {
    reason: 'not_credited',
    amount_minor: null,
    comment: ' I paid. ',
    receipt: sampleReceipt,
    ip: '192.0.2.7',
  } as const
  const off = { ...account, options: { ...account.options, payer_appeals: false } }
  const refused = await openPayerAppeal(world.ctx(), off, state.payment, wish)
  assert.ok(!refused.opened && refused.refused === 'payer_appeals_off')
  assert.equal(await readAppealView(world.ctx(), state.payment), null)
  const done = await openPayerAppeal(world.ctx(), account, state.payment, wish)
  assert.ok(done.opened)
  const { appeal } = done
  assert.deepEqual([appeal.opened_side, appeal.comment], ['payer', 'I paid.'])
  await addMessage(world.ctx(), appeal, ann, { text: 'The desk is looking.', internal: false, files: [] })
  await addMessage(world.ctx(), appeal, merchant, { text: 'He always says so.', internal: true, files: [] })
  const view = await readAppealView(world.ctx(), state.payment)
  assert.deepEqual(
    [view?.state, view?.open, view?.amount, view?.last_words?.text],
    ['opened', true, '3900', 'The desk is looking.'],
  )
  const withdrawn = await withdrawAppeal(world.ctx(), appeal, { side: 'payer', name: 'payer', ip: null })
  assert.equal(withdrawn.result, 'moved')
  assert.equal((await readAppealView(world.ctx(), state.payment))?.open, false)
})

test('five files besides the receipt, and no more', async () => {
  const appeal = await world.opened(await world.failed())
  const png = { name: 'screen.png', bytes: sampleFiles.png }
  const say = (files: number) =>
    addMessage(world.ctx(), appeal, merchant, { text: '', internal: false, files: Array(files).fill(png) })
  assert.equal((await say(3)).result, 'moved')
  const many = await say(3)
  assert.ok(many.result === 'refused' && many.why === 'too_many_files')
  assert.equal((await say(2)).result, 'moved')
  await withdrawAppeal(world.ctx(), appeal, merchant)
})
