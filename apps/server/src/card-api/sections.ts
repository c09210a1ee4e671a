/** The sections of a transaction that both versions have. Card API contract 6.3, 6.4, 14.4, 15.3. */
import type { JsonObject, JsonValue } from '../http/json.ts'
import type { Attempt } from '../payments/payment.ts'
import { merchantText } from './codes.ts'
import type { TransactionView } from './document.ts'
import { decidingAttempt } from './rules/deciding-attempt.ts'
import { attemptCodeOf, attemptStatusOf } from './rules/status.ts'
import type { TransactionStatus, TransactionType } from './transaction.ts'

export const titles: Readonly<Record<TransactionType, string>> = {
  payment: 'Payment',
  authorization: 'Authorization',
  capture: 'Capture',
  void: 'Void',
  refund: 'Refund',
}

/** Minor units as a JSON number, whatever their size. */
export function amountOf(text: string): JsonValue {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : JSON.rawJSON(text)
}

export function cardSection(view: TransactionView): JsonObject {
  const { shop, transaction, attempts } = view
  const { card, token, token_sent } = transaction.request
  const shown = shop.settings.return_token !== 'never' && (token_sent || attempts.some(({ winner }) => winner))
  return {
    holder: card?.holder ?? null,
    stamp: transaction.stamp,
    brand: card?.brand ?? 'unknown',
    first_1: card?.first_1 ?? null,
    last_4: card?.last_4 ?? null,
    bin: card?.bin ?? null,
    bin_8: card?.bin_8 ?? null,
    issuer_country: card?.issuer_country ?? null,
    issuer_name: card?.issuer_name ?? null,
    product: null,
    exp_month: card?.exp_month ?? null,
    exp_year: card?.exp_year ?? null,
    token: shown ? token : null,
    token_provider: null,
  }
}

/** The section named after the type: the operation at the gateway. Contract 6.4. */
export function operationSection(view: TransactionView, status: TransactionStatus, code: string): JsonObject {
  const { transaction, attempts, payment, operation } = view
  const attempt = operation ? null : decidingAttempt(attempts)
  const facts = operation ? operation.card_facts : (attempt?.card_facts ?? null)
  const signals = operation ? operation.signals : (attempt?.signals ?? null)
  const { type, request } = transaction
  return {
    status,
    message: status === 'successful' ? `${titles[type]} was approved` : merchantText(code),
    gateway_id: operation?.gateway_id ?? attempt?.gateway_id ?? null,
    bank_code: facts?.bank_code ?? signals?.network_code ?? null,
    advice_code: signals?.advice_code ?? null,
    auth_code: operation === null && attempt?.winner ? payment.approval_code : null,
    rrn: facts?.rrn ?? (operation === null && attempt?.winner ? payment.rrn : null),
    ref_id: operation ? operation.provider_reference : (attempt?.provider_reference ?? null),
    billing_descriptor: facts?.descriptor ?? null,
    amount: amountOf(request.amount),
    currency: request.currency,
  }
}

export function routingSection({ attempts, gateways }: TransactionView): JsonObject {
  const gateway_id = decidingAttempt(attempts)?.gateway_id ?? null
  return {
    status: gateway_id === null ? 'failed' : 'successful',
    object: gateway_id === null ? null : String(gateway_id),
    object_name: gateway_id === null ? null : (gateways.get(gateway_id)?.name ?? null),
  }
}

export function checksSection({ attempts }: TransactionView): JsonObject {
  const facts = decidingAttempt(attempts)?.card_facts
  return {
    avs_verification: { result_code: facts?.avs_result ?? null },
    cvc_verification: { result_code: facts?.cvc_result ?? null },
  }
}

/** Present when authentication was tried; `null` else. Contract 15.3. */
export function threeDsSection({ attempts }: TransactionView): JsonObject | null {
  const attempt = decidingAttempt(attempts)
  const facts = attempt?.card_facts?.three_ds ?? null
  if (!attempt || (!facts && attempt.action?.kind !== 'three_ds')) return null
  return {
    status: threeDsStatus(facts?.pa_status ?? null, attempt),
    message: null,
    fail_reason: null,
    ve_status: facts?.ve_status ?? null,
    pa_status: facts?.pa_status ?? null,
    eci: facts?.eci ?? null,
    xid: facts?.xid ?? null,
    cavv: facts?.cavv ?? null,
    cavv_algorithm: facts?.cavv_algorithm ?? null,
    acs_url: null,
    pa_req: null,
    md: null,
    pa_res_url: null,
    method_process_url: null,
    creq: null,
  }
}

function threeDsStatus(pa_status: string | null, { status, winner }: Attempt): string {
  if (pa_status === 'U') return 'unavailable'
  if (pa_status === 'N' || pa_status === 'R') return 'failed'
  if (pa_status === 'Y' || pa_status === 'A' || winner) return 'successful'
  return status === 'sent' || status === 'incomplete' || status === 'unknown' ? 'incomplete' : 'failed'
}

/** Which gateways were tried; `null` when the shop does not want it shown. Contract 14.4. */
export function cascadeSection({ shop, transaction, attempts }: TransactionView): JsonObject | null {
  if (!shop.settings.expose_attempts) return null
  return {
    mode: transaction.cascade_mode,
    attempts: attempts.map((attempt) => ({
      number: attempt.number,
      gateway_id: attempt.gateway_id,
      status: attemptStatusOf(attempt),
      code: attemptCodeOf(attempt),
      bank_code: attempt.card_facts?.bank_code ?? attempt.signals?.network_code ?? null,
      advice_code: attempt.signals?.advice_code ?? null,
      created_at: attempt.sent_at.toISOString(),
    })),
  }
}
