/** An appeal as its merchant sees it: JSON:API. Who the provider is, and what it is called, is none of the merchant's business. */
import type { JsonObject, JsonValue } from '../http/json.ts'
import { amountJson, type Exponents, unixSeconds } from '../payments/resource.ts'
import type { Appeal, AppealMessage, FileFacts } from './appeal.ts'
import { isClaimant } from './rules/decide-appeal.ts'
import { isVisible } from './rules/visible.ts'

export type AppealDetails = { readonly thread: readonly AppealMessage[]; readonly receipt: FileFacts | null }

/** `details` = with everything that was said; left out in lists and callbacks. */
export function appealDocument(appeal: Appeal, exponents: Exponents, details?: AppealDetails): { data: JsonObject } {
  return { data: appealResource(appeal, exponents, details) }
}

export function appealResource(appeal: Appeal, exponents: Exponents, details?: AppealDetails): JsonObject {
  const { id, payment_id } = appeal
  return {
    type: 'payment-appeals',
    id,
    attributes: { ...attributesOf(appeal, exponents), ...(details ? detailsOf(details) : {}) },
    relationships: { 'payment-invoice': { data: { type: 'payment-invoices', id: payment_id } } },
    links: { self: `/api/payment-invoices/${payment_id}/appeals/${id}` },
  }
}

function attributesOf(appeal: Appeal, exponents: Exponents): JsonObject {
  const money = (minor: bigint | null): JsonValue => amountJson(minor, appeal.currency, exponents)
  const own = isClaimant(appeal, 'merchant')
  const rejected = appeal.state === 'rejected'
  return {
    status: appeal.state,
    resolution: appeal.close_note,
    number: appeal.number,
    reason: appeal.reason,
    amount: money(appeal.amount_minor),
    original_amount: money(appeal.original_minor),
    currency: appeal.currency,
    comment: appeal.comment,
    test_mode: appeal.test_mode,
    attempt_id: appeal.attempt_id,
    opened_by: appeal.opened_side,
    rejection:
      appeal.rejection === null
        ? null
        : { reason: appeal.rejection, text: appeal.rejection_text, amount_seen: money(appeal.amount_seen_minor) },
    may_contest: own && rejected,
    may_accept_amount: own && rejected && appeal.rejection === 'amount_differs',
    may_withdraw: own && appeal.closed_at === null,
    created: unixSeconds(appeal.opened_at),
    updated: unixSeconds(appeal.updated_at),
    deadline: unixSeconds(appeal.deadline_at),
    promised: unixSeconds(appeal.promised_at),
    closed: unixSeconds(appeal.closed_at),
  }
}

function detailsOf({ thread, receipt }: AppealDetails): JsonObject {
  return {
    receipt: receipt && fileJson(receipt),
    messages: thread
      .filter((message) => isVisible(message, 'merchant'))
      .map((message) => ({
        id: message.id,
        from: message.side,
        author: message.side === 'merchant' ? message.author : null,
        kind: message.kind,
        internal: message.internal,
        text: message.text,
        files: message.files.map(fileJson),
        created: unixSeconds(message.created_at),
      })),
  }
}

function fileJson({ id, name, type, size_bytes }: FileFacts): JsonObject {
  return { id, name, type, size: size_bytes }
}
