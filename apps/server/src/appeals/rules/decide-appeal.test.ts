import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import fc from 'fast-check'
import { type Appeal, type AppealState, appealStates, isOpen, type Side } from '../appeal.ts'
import { sampleNow as now, sampleAppeal } from '../sample-appeal.ts'
import type { Act } from './acts.ts'
import { after } from './clocks.ts'
import { type AppealPatch, decideAppeal } from './decide-appeal.ts'

const hour = 3_600_000
const inState = (state: AppealState, more: AppealPatch = {}): Appeal => sampleAppeal(state, more)
const decide = (appeal: Appeal, act: Act, side: Side, at = now, by_name = 'Ann') =>
  decideAppeal(appeal, { act, side, by_name, now: at })

/** What a decision comes to, in a word. */
function outcome(appeal: Appeal, act: Act, side: Side, at = now, by_name = 'Ann'): string {
  const decision = decide(appeal, act, side, at, by_name)
  if (decision.result === 'refused') return decision.why
  if (decision.result === 'nothing') return 'nothing'
  return decision.patch.state ?? 'stays'
}

const reject: Act = { type: 'reject', reason: 'wrong_requisites', text: '', amount_seen_minor: null }
const acknowledge: Act = { type: 'acknowledge', reference: 'A-1', known_before: false }
const refuse_create: Act = { type: 'refuse_create', status: 400, text: 'no' }
const miss_create: Act = { type: 'miss_create', detail: 'timeout' }
const accept: Act = { type: 'accept' }
const contest: Act = { type: 'contest' }
const accept_amount: Act = { type: 'accept_amount' }
const withdraw: Act = { type: 'withdraw' }
const resolve: Act = { type: 'resolve_by_success' }
const confirm: Act = { type: 'confirm' }
const cancel: Act = { type: 'cancel' }
const tick: Act = { type: 'tick' }

/** Every act by every side that may do it, in every state, inside the terms. */
const table: readonly (readonly [Act, Side, Readonly<Record<AppealState, string>>])[] = [
  [acknowledge, 'system', row('submitted', 'stays', 'stays', 'stays', 'stays', 'stays', 'stays')],
  [refuse_create, 'system', row('arbitration', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing')],
  [miss_create, 'system', row('stays', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing')],
  [accept, 'provider', row('wrong_state', 'accepted', 'wrong_state', 'wrong_state', 'wrong_state', 'closed', 'closed')],
  [accept, 'operator', row('wrong_state', 'accepted', 'wrong_state', 'wrong_state', 'wrong_state', 'closed', 'closed')],
  [reject, 'provider', row('wrong_state', 'rejected', 'wrong_state', 'wrong_state', 'wrong_state', 'closed', 'closed')],
  [
    contest,
    'merchant',
    row('wrong_state', 'wrong_state', 'wrong_state', 'arbitration', 'wrong_state', 'closed', 'closed'),
  ],
  [withdraw, 'merchant', row('cancelled', 'cancelled', 'cancelled', 'cancelled', 'cancelled', 'closed', 'closed')],
  [resolve, 'system', row('cancelled', 'cancelled', 'cancelled', 'cancelled', 'cancelled', 'closed', 'closed')],
  [confirm, 'operator', row('wrong_state', 'wrong_state', 'confirmed', 'wrong_state', 'confirmed', 'closed', 'closed')],
  [
    confirm,
    'system',
    row('not_allowed', 'not_allowed', 'confirmed', 'not_allowed', 'not_allowed', 'not_allowed', 'not_allowed'),
  ],
  [
    cancel,
    'operator',
    row('wrong_state', 'wrong_state', 'wrong_state', 'wrong_state', 'cancelled', 'closed', 'closed'),
  ],
  [tick, 'system', row('nothing', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing')],
]

function row(...words: string[]): Record<AppealState, string> {
  return Object.fromEntries(appealStates.map((state, index) => [state, words[index] as string])) as never
}

describe('the table of P2–P11', () => {
  for (const [act, side, expected] of table) {
    it(`${act.type} by ${side}`, () => {
      const got = Object.fromEntries(appealStates.map((state) => [state, outcome(inState(state), act, side)]))
      assert.deepEqual(got, expected)
    })
  }
})

describe('who may', () => {
  const allowed: Readonly<Record<string, readonly Side[]>> = {
    accept: ['provider', 'operator'],
    reject: ['provider'],
    contest: ['merchant'],
    withdraw: ['merchant'],
    accept_amount: ['merchant'],
    cancel: ['operator'],
    confirm: ['operator'],
    tick: ['system'],
    resolve_by_success: ['system'],
    acknowledge: ['system'],
    miss_create: ['system'],
  }
  const acts = [
    accept,
    reject,
    contest,
    withdraw,
    accept_amount,
    cancel,
    confirm,
    tick,
    resolve,
    acknowledge,
    miss_create,
  ]
  for (const act of acts) {
    it(`${act.type} is for ${allowed[act.type]?.join(', ')}`, () => {
      for (const side of ['merchant', 'payer', 'provider', 'operator', 'system'] as const) {
        const refused = outcome(inState('arbitration'), act, side) === 'not_allowed'
        assert.equal(refused, !allowed[act.type]?.includes(side), side)
      }
    })
  }

  it('a payer and his merchant may both act on what the payer has opened, an operator on his own', () => {
    for (const [opened_side, side, may] of [
      ['payer', 'payer', true],
      ['payer', 'merchant', true],
      ['payer', 'operator', false],
      ['merchant', 'payer', false],
      ['operator', 'operator', true],
      ['operator', 'merchant', false],
    ] as const) {
      assert.equal(outcome(inState('rejected', { opened_side }), withdraw, side) === 'cancelled', may)
      assert.equal(outcome(inState('rejected', { opened_side }), contest, side) === 'arbitration', may)
    }
  })
})

describe('clocks', () => {
  const at = (hours: number): Date => after(now, hours * hour)

  it('after 12 hours the provider is reminded once, after 24 an operator decides: silence is neither yes nor no', () => {
    const submitted = inState('submitted')
    assert.equal(outcome(submitted, tick, 'system', at(11.99)), 'nothing')
    const reminded = decide(submitted, tick, 'system', at(12))
    assert.ok(reminded.result === 'changed' && reminded.calls === 'reminder' && reminded.patch.state === undefined)
    assert.equal(outcome({ ...submitted, ...reminded.patch }, tick, 'system', at(13)), 'nothing')
    const over = decide(submitted, tick, 'system', at(24))
    assert.ok(over.result === 'changed' && over.calls === 'alarm')
    assert.equal(over.patch.state, 'arbitration')
    assert.deepEqual([over.patch.deadline_at, over.patch.remind_at], [at(48), at(36)])
  })

  it('a verdict counts until its deadline, and not from then on', () => {
    for (const act of [accept, reject]) {
      assert.notEqual(outcome(inState('submitted'), act, 'provider', at(23.99)), 'too_late')
      assert.equal(outcome(inState('submitted'), act, 'provider', at(24)), 'too_late')
    }
    assert.equal(outcome(inState('rejected'), contest, 'merchant', at(23.99)), 'arbitration')
    assert.equal(outcome(inState('rejected'), contest, 'merchant', at(24)), 'too_late')
  })

  it('a rejection that nobody contests for 24 hours stands', () => {
    assert.equal(outcome(inState('rejected'), tick, 'system', at(23.99)), 'nothing')
    const over = decide(inState('rejected'), tick, 'system', at(24))
    assert.ok(over.result === 'changed')
    assert.deepEqual([over.patch.state, over.patch.close_note], ['cancelled', 'not_contested'])
  })

  it('in arbitration the alarm comes after 12 hours and every 4 from then on, for ever', () => {
    let appeal = inState('arbitration')
    for (const [hours, next] of [
      [12, 16],
      [16, 20],
      [25, 28],
      [100, 104],
    ] as const) {
      const alarm = decide(appeal, tick, 'system', at(hours))
      assert.ok(alarm.result === 'changed' && alarm.calls === 'alarm')
      assert.deepEqual(alarm.patch, { remind_at: at(next) })
      assert.equal(alarm.detail, hours >= 24 ? 'overdue' : null)
      appeal = { ...appeal, ...alarm.patch }
      assert.equal(outcome(appeal, tick, 'system', at(hours + 0.01)), 'nothing')
    }
    assert.equal(outcome(appeal, confirm, 'operator', at(1000)), 'confirmed')
  })
})

describe('what the endpoint is told', () => {
  it('five tries, a minute apart; then an operator has it', () => {
    let appeal = inState('opened', { send: 'create', send_at: now })
    for (const tries of [1, 2, 3, 4]) {
      const missed = decide(appeal, miss_create, 'system')
      assert.ok(missed.result === 'changed')
      assert.deepEqual(missed.patch, { send_tries: tries, send_at: after(now, 60_000) })
      appeal = { ...appeal, ...missed.patch }
    }
    const last = decide(appeal, miss_create, 'system')
    assert.ok(last.result === 'changed' && last.calls === 'alarm')
    assert.deepEqual([last.patch.state, last.patch.create_undelivered, last.patch.send], ['arbitration', true, null])
  })

  it('a close is told five times a minute apart, then hourly for a day, and then given up; what was decided stands', () => {
    let appeal = inState('confirmed', { send: 'confirm', send_at: now })
    const gaps: number[] = []
    let at = now
    for (;;) {
      const missed = decide(appeal, { type: 'miss_close', detail: 'timeout' }, 'system', at)
      assert.ok(missed.result === 'changed')
      assert.equal(missed.patch.state, undefined)
      appeal = { ...appeal, ...missed.patch }
      if (!appeal.send_at) break
      gaps.push((appeal.send_at.getTime() - at.getTime()) / 60_000)
      at = appeal.send_at
    }
    assert.deepEqual(gaps, [1, 1, 1, 1, ...Array(23).fill(60)])
    assert.deepEqual([appeal.close_undelivered, appeal.send, appeal.state], [true, null, 'confirmed'])
  })

  it('the id that an answer brings too late is kept for the close', () => {
    const late = decide(inState('cancelled', { send: 'cancel', send_at: now }), acknowledge, 'system')
    assert.ok(late.result === 'changed')
    assert.deepEqual(late.patch, { appeal_reference: 'A-1' })
  })
})

test('a rejection needs its reason: the amount seen, or words', () => {
  const differs = (amount_seen_minor: bigint | null): Act => ({
    type: 'reject',
    reason: 'amount_differs',
    text: '',
    amount_seen_minor,
  })
  const submitted = inState('submitted')
  assert.equal(outcome(submitted, differs(null), 'provider'), 'amount_seen_missing')
  for (const wrong of [0n, -1n, submitted.amount_minor, submitted.original_minor * 10n + 1n])
    assert.equal(outcome(submitted, differs(wrong), 'provider'), 'amount_seen_wrong')
  assert.equal(outcome(submitted, differs(350_000n), 'provider'), 'rejected')
  const other = { type: 'reject', reason: 'other', text: ' ', amount_seen_minor: null } as const
  assert.equal(outcome(submitted, other, 'provider'), 'text_missing')
  assert.equal(outcome(submitted, { ...other, text: 'The card was closed.' }, 'provider'), 'rejected')
})

test('only an amount that was seen can be taken instead', () => {
  assert.equal(outcome(inState('rejected'), accept_amount, 'merchant'), 'wrong_state')
  const seen = inState('rejected', { rejection: 'amount_differs', amount_seen_minor: 350_000n })
  assert.equal(outcome(seen, accept_amount, 'merchant'), 'cancelled')
  assert.equal(outcome({ ...seen, ...inState('arbitration') }, accept_amount, 'merchant'), 'wrong_state')
})

test('against a rejection two operators have to say yes; for a no one is enough', () => {
  const contested = inState('arbitration', { rejection: 'payment_not_found', rejection_text: '' })
  const first = decide(contested, confirm, 'operator')
  assert.ok(first.result === 'changed')
  assert.deepEqual(first.patch, { confirm_proposed_by: 'Ann' })
  const proposed = { ...contested, ...first.patch }
  assert.equal(outcome(proposed, confirm, 'operator', now, 'Ann'), 'same_person')
  assert.equal(outcome(proposed, confirm, 'operator', now, 'Ben'), 'confirmed')
  assert.equal(outcome(proposed, cancel, 'operator', now, 'Ann'), 'cancelled')
})

const anyAct = fc.oneof(
  fc.constantFrom(
    acknowledge,
    refuse_create,
    miss_create,
    accept,
    reject,
    contest,
    accept_amount,
    withdraw,
    resolve,
    confirm,
    cancel,
    tick,
  ),
  fc.record({ type: fc.constant('deliver_close' as const), closed_before: fc.boolean() }),
  fc.record({ type: fc.constant('miss_close' as const), detail: fc.constant('reset') }),
  fc.record({ type: fc.constant('refuse_close' as const), status: fc.constant(400), text: fc.constant(null) }),
)
const anySide = fc.constantFrom<Side>('merchant', 'payer', 'provider', 'operator', 'system')
const deed = fc.record({ act: anyAct, side: anySide, by_name: fc.constantFrom('Ann', 'Ben'), hours: fc.nat(30) })

test('whatever happens in whatever order: an end is final, clocks move no money, and every open state has somebody whose turn it is', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 30 }), (deeds) => {
      let appeal = inState('opened', { send: 'create', send_at: now })
      let at = now
      for (const { hours, ...one } of deeds) {
        at = after(at, hours * hour)
        const before = appeal
        const decision = decideAppeal(appeal, { ...one, now: at })
        if (decision.result !== 'changed') continue
        appeal = { ...appeal, ...decision.patch }
        if (!isOpen(before)) assert.equal(appeal.state, before.state)
        if (one.act.type === 'tick') {
          assert.notEqual(appeal.state, 'confirmed')
          // Only what the provider has refused and nobody contested ends by time.
          if (appeal.state === 'cancelled' && isOpen(before)) assert.equal(before.state, 'rejected')
        }
        if (appeal.state === 'confirmed') assert.ok(['accepted', 'decided'].includes(appeal.close_note ?? ''))
        if (appeal.state === 'confirmed' && appeal.rejection)
          assert.notEqual(appeal.confirm_proposed_by, appeal.decided_by)
        assert.equal(appeal.closed_at === null, isOpen(appeal))
        const waits = appeal.send_at ?? appeal.deadline_at ?? appeal.remind_at ?? appeal.check_at
        if (isOpen(appeal)) assert.notEqual(waits, null, `${appeal.state} waits for nobody`)
        else assert.equal(appeal.deadline_at, null)
      }
    }),
    { numRuns: 500 },
  )
})
