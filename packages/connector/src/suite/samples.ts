/** Requests as the platform makes them, for tests of connectors. */
import { randomBytes } from 'node:crypto'
import type { ChargeRequest, OperationRequest, StatusRequest, VoidRequest } from '../connector.ts'

export const sampleCard = {
  number: '5519283812030000',
  exp_month: '12',
  exp_year: '2049',
  cvv: '739',
  holder: 'ANNA SAMPLE',
} as const

export function sampleCharge<C>(credentials: C, more: Partial<ChargeRequest<C>> = {}): ChargeRequest<C> {
  const serial = randomBytes(8).toString('hex')
  return {
    credentials,
    attempt_id: `pay_${serial}`,
    reference: `${serial}-1`,
    operation: 'charge',
    test_mode: true,
    method: 'payment_card',
    amount_minor: 12_300n,
    currency: 'USD',
    exponent: 2,
    description: 'Order 17',
    service_fields: {},
    card: null,
    card_token: null,
    want_card_token: false,
    customer: { email: 'anna@example.com', name: 'Anna Sample', phone: null },
    client_ip: '203.0.113.7',
    browser: { browser_language: 'en' },
    return_url: 'http://127.0.0.1:1/return',
    notification_url: '',
    ...more,
  }
}

export function sampleStatus<C>(charge: ChargeRequest<C>, provider_reference: string | null = null): StatusRequest<C> {
  return {
    credentials: charge.credentials,
    reference: charge.reference,
    provider_reference,
    test_mode: charge.test_mode,
  }
}

export function sampleVoid<C>(charge: ChargeRequest<C>, provider_reference: string | null = null): VoidRequest<C> {
  const { attempt_id } = charge
  return { ...sampleStatus(charge, provider_reference), void_id: `void_${attempt_id}`, attempt_id }
}

export function sampleRefund<C>(
  charge: ChargeRequest<C>,
  payment_reference: string,
  amount_minor: bigint,
): OperationRequest<C> {
  return sampleOperation(charge, payment_reference, amount_minor)
}

/** A refund, capture or cancel of the charge. */
export function sampleOperation<C>(
  charge: ChargeRequest<C>,
  payment_reference: string,
  amount_minor: bigint,
  more: Partial<OperationRequest<C>> = {},
): OperationRequest<C> {
  const serial = randomBytes(8).toString('hex')
  return {
    credentials: charge.credentials,
    operation_id: `op_${serial}`,
    reference: `${serial}-o`,
    payment_reference,
    capture_reference: null,
    provider_reference: null,
    amount_minor,
    currency: charge.currency,
    exponent: charge.exponent,
    test_mode: charge.test_mode,
    final: false,
    ...more,
  }
}
