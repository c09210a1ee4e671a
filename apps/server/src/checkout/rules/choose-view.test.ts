import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PaymentStatus } from '../../payments/payment.ts'
import { chooseMood, chooseView, isPageClosed, type ViewFacts } from './choose-view.ts'

const now = new Date('2026-03-01T12:00:00Z')
const later = new Date('2026-03-01T12:20:00Z')

function facts(payment: Partial<ViewFacts['payment']> = {}, rest: Partial<ViewFacts> = {}): ViewFacts {
  return {
    payment: {
      status: 'process_pending',
      resolution: 'ok',
      payment_status: 'invoked',
      service_flow: 'hpp',
      session_id: 'cgi_1',
      expires_at: later,
      ...payment,
    },
    attempts: [],
    takes_card: false,
    now,
    done_elsewhere: false,
    ...rest,
  }
}

const action = (kind: 'three_ds' | 'redirect') => ({
  status: 'incomplete' as const,
  action: { kind, url: 'https://bank.example', method: 'POST' as const, params: {} },
})

describe('the page of an ended payment', () => {
  const cases: [PaymentStatus, string][] = [
    ['processed', 'paid'],
    ['verified', 'paid'],
    ['refund_failed', 'paid'],
    ['partially_processed', 'paid_partly'],
    ['process_failed', 'failed'],
    ['verify_failed', 'failed'],
    ['expired', 'time_over'],
    ['terminated', 'cancelled'],
    ['refunding', 'refund_running'],
    ['refund_pending', 'refund_running'],
    ['refund_error', 'refund_running'],
    ['refunded', 'refunded'],
    ['partially_refunded', 'refunded'],
    ['charged_back', 'disputed'],
    ['partially_charged_back', 'disputed'],
  ]
  for (const [status, view] of cases) {
    it(`${status}: ${view}`, () => assert.equal(chooseView(facts({ status }, { takes_card: true })), view))
  }
  it('a failure by the end of the lifetime says that time is over', () => {
    assert.equal(chooseView(facts({ status: 'process_failed', resolution: 'expired' })), 'time_over')
  })
})

describe('the page of an open payment', () => {
  it('asks for the card, and after a failure offers another try', () => {
    assert.equal(chooseView(facts({}, { takes_card: true })), 'card')
    assert.equal(chooseView(facts({ payment_status: 'process_failed' }, { takes_card: true })), 'retry')
  })
  it('never offers anything to pay with while a try is open', () => {
    for (const status of ['sent', 'unknown', 'incomplete'] as const) {
      const view = chooseView(facts({}, { takes_card: true, attempts: [{ status, action: null }] }))
      assert.equal(view, 'waiting', status)
    }
  })
  it('leads to the bank or the provider, and waits once the payer was there', () => {
    assert.equal(chooseView(facts({}, { attempts: [action('three_ds')] })), 'confirm')
    assert.equal(chooseView(facts({}, { attempts: [action('redirect')] })), 'onward')
    assert.equal(chooseView(facts({}, { attempts: [action('redirect')], done_elsewhere: true })), 'waiting')
  })
  it('shows what to pay by, until the payer says it is done', () => {
    const invoice = { service_flow: 'invoice', session_id: null } as const
    const attempts = [{ status: 'incomplete', action: null }] as const
    assert.equal(chooseView(facts(invoice, { attempts })), 'details')
    assert.equal(chooseView(facts(invoice, { attempts, done_elsewhere: true })), 'waiting')
  })
  it('lets choose when nothing is chosen, while there is time', () => {
    assert.equal(chooseView(facts({ status: 'created' })), 'choose')
    assert.equal(chooseView(facts({ status: 'created', expires_at: now })), 'time_over')
  })
  it('does not make the payer wait for the end of time to be written', () => {
    assert.equal(chooseView(facts({ expires_at: now })), 'time_over')
    assert.equal(chooseView(facts({ expires_at: now }, { attempts: [{ status: 'unknown', action: null }] })), 'waiting')
  })
})

describe('what a waiting page says', () => {
  const declined = { status: 'declined', action: null } as const
  it('tells a first try from a further one, and the unknown from both', () => {
    assert.equal(chooseMood(facts({}, { attempts: [{ status: 'sent', action: null }] })), 'first')
    assert.equal(chooseMood(facts({}, { attempts: [declined, { status: 'sent', action: null }] })), 'another')
    assert.equal(chooseMood(facts({}, { attempts: [declined, { status: 'unknown', action: null }] })), 'slow')
    assert.equal(chooseMood(facts({}, { attempts: [{ status: 'incomplete', action: null }] })), 'provider')
  })
})

describe('a status page', () => {
  const minutes = (count: number) => new Date(now.getTime() - count * 60_000)
  it('stays for half an hour after the end, and for the lifetime', () => {
    const ended = { status: 'processed', expires_at: minutes(60) } as const
    assert.equal(isPageClosed({ ...ended, updated_at: minutes(30) }, now), false)
    assert.equal(isPageClosed({ ...ended, updated_at: minutes(31) }, now), true)
    assert.equal(isPageClosed({ ...ended, expires_at: later, updated_at: minutes(90) }, now), false)
  })
  it('of an open payment stays', () => {
    const open = { status: 'process_error', expires_at: minutes(600), updated_at: minutes(600) } as const
    assert.equal(isPageClosed(open, now), false)
  })
})
