/** An appeal as its provider sees it: no name of a person of the other sides, and none of their notes. */
import { formatFixed } from '@cascad/money'
import type { Appeal, AppealMessage, FileFacts, Side } from '../appeals/appeal.ts'
import type { Thread } from '../appeals/find-appeal.ts'
import { isVisible } from '../appeals/rules/visible.ts'
import type { Provider } from '../cascades/provider.ts'
import type { ProviderPaymentRow } from '../cascades/provider-payment.ts'
import type { AppealDetail, AppealRow } from './appeal-documents.ts'
import type { ExponentOf } from './payment-document.ts'

export function appealRowOf(appeal: Appeal, exponentOf: ExponentOf): AppealRow {
  const { id, attempt_id, state, reason, currency, original_minor, amount_minor, opened_at } = appeal
  const text = (minor: bigint): string => formatFixed(minor, exponentOf(currency))
  return {
    ...{ id, attempt_id, state, reason, currency },
    original_amount: text(original_minor),
    amount: text(amount_minor),
    difference: text(amount_minor - original_minor),
    opened_at: opened_at.toISOString(),
    // Only of the provider's own term: the others are none of its business.
    deadline: state === 'submitted' ? (appeal.deadline_at?.toISOString() ?? null) : null,
  }
}

export type AppealParts = {
  readonly appeal: Appeal
  readonly payment: ProviderPaymentRow
  readonly frozen_minor: bigint
  readonly said: Thread
  readonly now: Date
}

export function appealDetailOf(parts: AppealParts, provider: Provider, exponentOf: ExponentOf): AppealDetail {
  const { appeal, payment, frozen_minor, said, now } = parts
  const { attempt_id, provider_reference, state, requested_at } = payment
  const waits = appeal.state === 'submitted' && appeal.deadline_at !== null && now < appeal.deadline_at
  return {
    appeal: appealRowOf(appeal, exponentOf),
    payment: { attempt_id, provider_reference, state, requested_at: requested_at.toISOString() },
    frozen: formatFixed(frozen_minor, provider.settlement_scale),
    receipt: said.receipt && fileOf(said.receipt),
    thread: said.thread.filter((message) => isVisible(message, 'provider')).map(messageOf),
    may_accept: waits,
    may_reject: waits,
  }
}

function messageOf({ id, side, text, files, created_at }: AppealMessage): AppealDetail['thread'][number] {
  return { id, at: created_at.toISOString(), from: sides[side], text, files: files.map(fileOf) }
}

const sides = {
  merchant: 'opener',
  payer: 'opener',
  provider: 'provider',
  operator: 'operator',
  system: 'system',
} as const satisfies Record<Side, string>

function fileOf({ id, type, size_bytes }: FileFacts): NonNullable<AppealDetail['receipt']> {
  return { receipt_id: id, kind: type, bytes: size_bytes }
}
