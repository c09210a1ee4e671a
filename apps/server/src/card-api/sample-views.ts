/** For tests of what is answered: transactions of every type, with the rows they are the face of. */
import type { CardFacts, DeclineSignals, RedirectAction } from '@cascad/connector'
import type { Attempt, Operation, Payment } from '../payments/payment.ts'
import { attemptOf, paymentOf } from '../payments/sample-attempts.ts'
import type { TransactionView } from './document.ts'
import { showCard } from './rules/show-card.ts'
import { shopWith } from './sample-requests.ts'
import type { ChildType, KeptRequest, ParentType, Transaction, TransactionType } from './transaction.ts'

export const sampleUid = '0193500a-6d2e-7b1c-9a53-2f1c7f6a1e11'
export const parentUid = '01934fff-0000-7000-8000-000000000001'
const created_at = new Date('2026-11-21T10:15:30.123Z')
const decided_at = new Date('2026-11-21T10:15:31.020Z')

export const noFacts: CardFacts = {
  bank_code: null,
  rrn: null,
  descriptor: null,
  avs_result: null,
  cvc_result: null,
  three_ds: null,
}

export const challenge: RedirectAction = { kind: 'three_ds', url: 'https://acs.example', method: 'POST', params: {} }

export function signalsOf(changes: Partial<DeclineSignals>): DeclineSignals {
  return {
    resolution: null,
    unified_code: null,
    network_code: null,
    advice_code: null,
    provider_code: null,
    provider_text: null,
    ...changes,
  }
}

export function sampleTransaction(type: TransactionType, request: Partial<KeptRequest> = {}): Transaction {
  const parent = type === 'payment' || type === 'authorization'
  const card = { number: '4005550000000019', holder: 'John Doe', exp_month: '08', exp_year: '2030' }
  return {
    account_id: 'coma_0000000000000001',
    uid: sampleUid,
    shop_id: 361,
    type,
    payment_id: 'cpi_0Aq3kZ7Bd9Xw2Lm4',
    operation_id: parent ? null : 'ref_0Aq3kZ7Bd9Xw2Lm4',
    parent_uid: parent ? null : parentUid,
    tracking_id: 'async-123',
    api_version: 2,
    binding_id: null,
    cascade_mode: 'merchant',
    stamp: parent ? '9f'.repeat(32) : null,
    request: {
      description: parent ? 'Test async #1' : null,
      language: 'en',
      descriptor: null,
      expired_at: null,
      notification_url: null,
      return_url: null,
      card: parent ? showCard(card) : null,
      token: null,
      token_sent: false,
      contract: [],
      recurring_type: null,
      customer: null,
      billing_address: null,
      additional_data: {},
      reason: type === 'refund' ? 'Returned goods' : null,
      amount: '100',
      currency: 'USD',
      test: true,
      ...request,
    },
    created_at,
  }
}

type Rows = {
  readonly payment?: Partial<Payment>
  readonly attempts?: readonly Partial<Attempt>[]
  readonly request?: Partial<KeptRequest>
}

const common = {
  shop: shopWith(),
  gateways: new Map([
    [408, { name: 'Test gateway A' }],
    [409, { name: 'Test gateway B' }],
  ]),
  card_host: 'https://card.example',
}

export function parentView(
  type: ParentType,
  { payment = {}, attempts = [], request = {} }: Rows = {},
): TransactionView {
  const row = paymentOf({
    payment_flow: type === 'payment' ? 'charge' : 'authorize',
    created_at,
    updated_at: decided_at,
    expires_at: new Date(created_at.getTime() + 30 * 60_000 + 24_000),
    ...payment,
  })
  return {
    ...common,
    transaction: sampleTransaction(type, request),
    payment: row,
    attempts: attempts.map((attempt, i) => attemptOf(row, i + 1, { sent_at: created_at, ...attempt })),
    operation: null,
  }
}

export const approved: Partial<Attempt> = { status: 'approved', winner: true, decided_at, provider_reference: 't-1' }
export const declined: Partial<Attempt> = {
  status: 'declined',
  class: 'soft_generic',
  signals: signalsOf({ network_code: '05' }),
  decided_at,
}

/** One view of a payment or authorization in each status. */
export function inEveryStatus(type: ParentType) {
  const closed = { payment: { status: 'process_failed' } } as const
  const paid = type === 'payment' ? 'processed' : 'authorized'
  return {
    successful: parentView(type, { payment: { status: paid }, attempts: [approved] }),
    failed: parentView(type, { ...closed, attempts: [declined] }),
    incomplete: parentView(type, { attempts: [{ status: 'incomplete', action: challenge }] }),
    pending: parentView(type, { attempts: [{ status: 'unknown' }] }),
    expired: parentView(type, {
      payment: {
        status: 'process_failed',
        resolution: 'expired',
        expires_at: new Date(created_at.getTime() + 60_000),
      },
      attempts: [{ status: 'expired' }],
      request: { expired_at: '2026-11-21T10:16:30.123Z' },
    }),
  }
}

export function operationOf(kind: ChildType, changes: Partial<Operation> = {}): Operation {
  return {
    account_id: 'coma_0000000000000001',
    payment_id: 'cpi_0Aq3kZ7Bd9Xw2Lm4',
    id: 'ref_0Aq3kZ7Bd9Xw2Lm4',
    kind,
    version: 1,
    reference_id: sampleUid,
    amount_minor: 100n,
    returned_fee_minor: 0n,
    currency: 'USD',
    provider_amount_minor: 100n,
    provider_currency: 'USD',
    description: null,
    status: 'done',
    resolution: 'ok',
    gateway_id: 408,
    attempt_number: 1,
    provider_reference: 'r-1',
    detail: null,
    lookups: 0,
    capture_id: null,
    final: false,
    held_minor: null,
    fee_minor: null,
    reserved_minor: null,
    signals: null,
    card_facts: null,
    created_at,
    decided_at,
    due_at: null,
    ...changes,
  }
}

export function childView(type: ChildType, changes: Partial<Operation> = {}): TransactionView {
  return {
    ...parentView('payment', { payment: { status: 'processed' }, attempts: [approved] }),
    transaction: sampleTransaction(type),
    operation: operationOf(type, changes),
  }
}
