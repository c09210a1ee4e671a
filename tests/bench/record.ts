/** Records the statements that write one payment: the same use cases as the product, on a connection that is watched. */

import { getAccount } from '../../apps/server/src/accounts/find-account.ts'
import { findShop } from '../../apps/server/src/accounts/find-shop.ts'
import { placeTransaction } from '../../apps/server/src/card-api/place-transaction.ts'
import type { Context } from '../../apps/server/src/context.ts'
import { connect } from '../../apps/server/src/database/connect.ts'
import { createPayment } from '../../apps/server/src/payments/create-payment.ts'
import type { NewPayment } from '../../apps/server/src/payments/payment.ts'
import { planPayment } from '../../apps/server/src/payments/plan-payment.ts'
import { submitCard } from '../../apps/server/src/payments/submit-card.ts'
import type { Statement } from './ceiling.ts'
import { transactionRequest } from './load.ts'

const card = { number: '5519283812030000', exp_month: '12', exp_year: '2030', cvv: '123', holder: null }

export type Recorded = { readonly statements: readonly Statement[]; readonly account_id: string }

type Recorder = { readonly watched: Context; readonly statements: Statement[]; readonly close: () => Promise<void> }

/** A context whose writing statements are kept, in order. */
function openRecorder(ctx: Context, database_url: string): Recorder {
  const statements: Statement[] = []
  const sql = connect(database_url, {
    connections_max: 1,
    application_name: 'cascad-bench-recorder',
    watch: (text, values) => {
      if (/^\s*with moved as/.test(text)) statements.push({ text, values: [...values] })
    },
  })
  return { watched: { ...ctx, sql }, statements, close: () => sql.end() }
}

/** One payment invoice over both gateways. */
export async function recordPayment(ctx: Context, database_url: string, account_id: string): Promise<Recorded> {
  const { watched, statements, close } = openRecorder(ctx, database_url)
  const account = await getAccount(watched, account_id)
  const wish: NewPayment = {
    reference_id: null,
    test_mode: true,
    payment_flow: 'charge',
    source: 'merchant_api',
    amount_minor: 10_050n,
    currency: 'USD',
    service: 'payment_card_usd_hpp',
    service_fields: {},
    description: 'Benchmark',
    customer: null,
    metadata: { key: 'value' },
    return_url: 'https://shop.example/return',
    return_urls: null,
    callback_url: 'https://shop.example/callbacks',
    gateway_options: null,
    options: null,
    token: null,
    expires_at: null,
  }
  const { plan } = await planPayment(watched, account, wish)
  if (!plan) throw new Error('the recorded payment cannot be planned')
  const { payment } = await createPayment(watched, account, wish, plan)
  const submission = { card, browser: {}, client_ip: '127.0.0.1', payer_on_page: false }
  const { payment: paid } = await submitCard(watched, account, payment, submission, 20_000)
  await close()
  if (paid.status !== 'processed') throw new Error(`the recorded payment ended ${paid.status}`)
  return { statements, account_id }
}

/** One payment of the Card API over both gateways, in one request. */
export async function recordTransaction(ctx: Context, database_url: string, shop_id: number): Promise<Recorded> {
  const { watched, statements, close } = openRecorder(ctx, database_url)
  const shop = await findShop(watched, shop_id)
  if (!shop) throw new Error('the shop of the recorded transaction is gone')
  const account = await getAccount(watched, shop.account_id)
  const body = { request: { ...transactionRequest, tracking_id: 'recorded' } }
  const call = {
    shop,
    account,
    version: 2,
    params: {},
    body,
    path: 'POST /transactions/payments',
    request_id: null,
  } as const
  const answer = JSON.stringify((await placeTransaction(watched, call, 'payment')).body)
  await close()
  if (!answer.includes('"status":"successful"')) throw new Error(`the recorded transaction ended so: ${answer}`)
  return { statements, account_id: account.id }
}
