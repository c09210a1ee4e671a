/** A capture, void or refund as it is asked for. Card API contract 5. */
import type { JsonObject } from '../http/json.ts'
import { isUid } from '../ids.ts'
import type { Errors } from './errors.ts'
import { FieldReader, texts } from './field-reader.ts'
import { readLanguage, requestOf } from './read-parent-request.ts'
import type { ChildType } from './transaction.ts'

export type ChildWish = {
  readonly parent_uid: string
  readonly amount_minor: bigint
  readonly reason: string | null
  readonly tracking_id: string | null
  readonly duplicate_check: boolean
  /** `null` = as of the parent. */
  readonly language: string | null
  readonly notification_url: string | null
  readonly additional_data: JsonObject
}

/** What is known of the parent, to check the rest of the request against it. */
export type ParentFacts =
  | { readonly type: 'missing' }
  /** Kind or state of the parent forbids it. */
  | { readonly type: 'refused' }
  | { readonly type: 'ok'; readonly left_minor: bigint }

const done: Readonly<Record<ChildType, string>> = { capture: 'captured', void: 'voided', refund: 'refunded' }
const data_bytes_max = 16_384

/** The parent that a request names; `null` = it names none that could be one. */
export function namedParent(body: JsonObject): string | null {
  const { parent_uid } = requestOf(body)
  return typeof parent_uid === 'string' && isUid(parent_uid) ? parent_uid : null
}

/** The wish, or every mistake of the request at once. */
export function readChildRequest(
  body: JsonObject,
  type: ChildType,
  parent: ParentFacts,
): { readonly wish: ChildWish; readonly errors: null } | { readonly wish: null; readonly errors: Errors } {
  const reader = new FieldReader(requestOf(body))
  const parent_uid = reader.text('parent_uid', { required: true, max: 64 })
  if (parent_uid !== null && parent.type === 'missing') reader.fail('parent_uid', 'Parent transaction is not found')
  const amount_minor = reader.amount('amount', 999_999_999_999_999_999n)
  if (amount_minor !== null && parent.type === 'ok' && amount_minor > parent.left_minor)
    reader.fail('amount', texts.atMost(parent.left_minor))
  const reason = type === 'refund' ? reader.text('reason', { required: true, max: 255 }) : null
  const tracking_id = reader.text('tracking_id', { max: 255 })
  const duplicate_check = reader.boolean('duplicate_check') ?? true
  const language = readLanguage(reader)
  const notification_url = reader.url('notification_url')
  const { test_scenario: _, ...additional_data } = reader.object('additional_data') ?? {}
  if (Buffer.byteLength(JSON.stringify(additional_data)) > data_bytes_max)
    reader.fail('additional_data', texts.tooLong(data_bytes_max))
  if (parent.type === 'refused') reader.fail('base', refusal(type))
  const errors = reader.errors()
  if (errors || parent_uid === null || amount_minor === null) return { wish: null, errors: errors ?? {} }
  return {
    wish: {
      parent_uid,
      amount_minor,
      reason,
      tracking_id,
      duplicate_check,
      language,
      notification_url,
      additional_data,
    },
    errors: null,
  }
}

export function refusal(type: ChildType): string {
  return `transaction can't be ${done[type]}`
}
