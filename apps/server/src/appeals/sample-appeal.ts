/** For tests: an appeal of 4000.00 against 3900.00 asked for, as it stands in each state. */
import type { Appeal, AppealState } from './appeal.ts'
import { after, reminder_ms, term_ms } from './rules/clocks.ts'

export const sampleNow = new Date('2026-01-02T03:04:05.678Z')

export function sampleAppeal(state: AppealState, more: Partial<Appeal> = {}): Appeal {
  const at = sampleNow
  const timed = state === 'submitted' || state === 'arbitration'
  const closed = state === 'confirmed' || state === 'cancelled'
  return {
    account_id: 'coma_0000000000000001',
    id: 'apl_0000000000000001',
    version: 1,
    payment_id: 'cpi_0000000000000001',
    attempt_id: 'pay_0000000000000001',
    attempt_number: 1,
    provider_id: 'prv_0000000000000001',
    gateway_id: 1,
    test_mode: false,
    number: 1,
    state,
    reason: 'wrong_amount',
    currency: 'RUB',
    original_minor: 390_000n,
    amount_minor: 400_000n,
    settlement_minor: 46_783_626n,
    freeze_minor: 1_169_590n,
    comment: '',
    receipt_id: 'rcp_0000000000000001',
    opened_side: 'merchant',
    opened_by: 'Harbour Books',
    payer_locale: null,
    payment_reference: 'V-1',
    appeal_reference: null,
    opened_at: at,
    submitted_at: null,
    verdict_at: null,
    arbitration_at: null,
    closed_at: closed ? at : null,
    updated_at: at,
    promised_at: after(at, 3 * term_ms),
    deadline_at: timed || state === 'rejected' ? after(at, term_ms) : null,
    remind_at: timed ? after(at, reminder_ms) : null,
    check_at: state === 'accepted' ? at : null,
    send: state === 'opened' ? 'create' : null,
    send_at: state === 'opened' ? at : null,
    send_tries: 0,
    create_undelivered: false,
    close_undelivered: false,
    refused_text: null,
    rejection: state === 'rejected' ? 'wrong_requisites' : null,
    rejection_text: state === 'rejected' ? '' : null,
    amount_seen_minor: null,
    confirm_proposed_by: null,
    decided_by: closed ? 'Ann' : null,
    close_note: closed ? 'decided' : null,
    ...more,
  }
}
