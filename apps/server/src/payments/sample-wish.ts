/** For tests: payments created as a merchant's request would, with everything that a test says nothing about left out. */
import assert from 'node:assert/strict'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { createPayment } from './create-payment.ts'
import type { NewPayment, Payment } from './payment.ts'
import { planPayment } from './plan-payment.ts'

const cardWish: NewPayment = {
  reference_id: null,
  test_mode: true,
  payment_flow: 'charge',
  source: 'merchant_api',
  amount_minor: 10_000n,
  currency: 'USD',
  service: 'payment_card_usd_hpp',
  service_fields: {},
  description: null,
  customer: null,
  metadata: null,
  return_url: null,
  return_urls: null,
  callback_url: 'http://127.0.0.1:9/callbacks',
  gateway_options: null,
  options: null,
  token: null,
  expires_at: null,
}

/** 3900.00 roubles by transfer to a card, in test mode. */
export const transferWish: Partial<NewPayment> = {
  amount_minor: 390_000n,
  currency: 'RUB',
  service: 'card_transfer_rub_invoice',
}

/** 100.00 dollars by card in test mode, but for what is given. What needs no card starts at once. */
export async function placeSample(ctx: Context, account: Account, changes: Partial<NewPayment> = {}): Promise<Payment> {
  const wish = { ...cardWish, ...changes }
  const { plan, problems } = await planPayment(ctx, account, wish)
  assert.equal(problems, null)
  if (!plan) throw new Error('no plan')
  const { payment, created } = await createPayment(ctx, account, wish, plan)
  assert.equal(created, true)
  return payment
}
