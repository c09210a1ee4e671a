/** What merchants send about appeals: attributes → wishes, or every mistake at once. */
import { asObject } from '../http/attributes.ts'
import { Fields } from '../http/fields.ts'
import type { JsonObject, JsonValue } from '../http/json.ts'
import { messages } from '../http/messages.ts'
import { type AppealReason, appealReasons, type SentFile } from './appeal.ts'
import { textLengthMax } from './move-appeal.ts'
import { fieldFault } from './refusal-texts.ts'
import { evidenceFilesMax, fileBytesMax, isFileType, readFileType } from './rules/file-type.ts'
import { commentLengthMax } from './rules/may-open.ts'

export const appealTypes = ['payment-appeal', 'payment-appeals'] as const

const nameLengthMax = 255
const base64Form = /^[A-Za-z0-9+/]*={0,2}$/

export type AppealWish = {
  readonly attempt_id: string | null
  readonly reason: AppealReason
  readonly amount_minor: bigint | null
  readonly comment: string
  /** The file itself, or where it can be fetched. */
  readonly receipt: SentFile | { readonly url: string }
}

/** Throws InvalidFields. `exponent` = of the currency the payer was to transfer. */
export function readAppealRequest(attributes: JsonObject, exponent: number): AppealWish {
  const fields = new Fields(attributes)
  const reason = fields.oneOf('reason', appealReasons)
  if (reason === null) fields.fail('reason', messages.blank)
  const amount_minor = fields.amount('amount', exponent, { required: reason === 'wrong_amount' })
  const comment = fields.text('comment', { trim: true, max: commentLengthMax }) ?? ''
  const attempt_id = fields.text('attempt_id', { trim: true, max: 64 })
  const receipt = readReceipt(fields, attributes)
  fields.check()
  if (reason === null || receipt === null) throw new Error('a missing field is no problem')
  return { attempt_id, reason, amount_minor, comment, receipt }
}

/** `receipt` or `receipt_url`, and not both. */
function readReceipt(fields: Fields, attributes: JsonObject): AppealWish['receipt'] | null {
  const url = fields.url('receipt_url')
  const given = attributes.receipt !== undefined && attributes.receipt !== null
  if (url === null) return fields.has('receipt_url') ? null : readFile(fields, 'receipt', attributes.receipt)
  if (given) fields.fail('receipt_url', 'This value should be left out where the receipt itself is sent.')
  return { url }
}

export type MessageWish = { readonly text: string; readonly internal: boolean; readonly files: readonly SentFile[] }

/** Text or a file there must be, unless nothing need be said. */
export function readMessageRequest(attributes: JsonObject, rules: { readonly required: boolean }): MessageWish {
  const fields = new Fields(attributes)
  const text = fields.text('text', { trim: true, max: textLengthMax }) ?? ''
  const internal = fields.boolean('internal') ?? false
  const files = readFiles(fields, attributes.files)
  if (rules.required && text === '' && files.length === 0) fields.fail('text', messages.blank)
  fields.check()
  return { text, internal, files }
}

function readFiles(fields: Fields, sent: JsonValue | undefined): SentFile[] {
  if (sent === undefined || sent === null) return []
  if (!Array.isArray(sent)) fields.fail('files', messages.typeObject)
  const list = Array.isArray(sent) ? sent : []
  if (list.length > evidenceFilesMax) fields.fail('files', messages.tooMany(evidenceFilesMax))
  return list
    .slice(0, evidenceFilesMax)
    .map((one, index) => readFile(fields, `files.${index}`, one))
    .filter((file) => file !== null)
}

/** `{name, content}`, the content in base64. Not read by `Fields`, which looks at texts character by character. */
function readFile(fields: Fields, path: string, sent: JsonValue | undefined): SentFile | null {
  const fail = (place: string, message: string): null => {
    fields.fail(place, message)
    return null
  }
  if (sent === undefined || sent === null) return fail(path, messages.blank)
  const file = asObject(sent)
  if (!file) return fail(path, messages.typeObject)
  const { name, content } = file
  if (typeof name !== 'string') return fail(`${path}.name`, name == null ? messages.blank : messages.typeString)
  if (name.trim() === '') return fail(`${path}.name`, messages.blank)
  if (name.length > nameLengthMax) return fail(`${path}.name`, messages.tooLong(nameLengthMax))
  if (name.includes('\0') || !name.isWellFormed()) return fail(`${path}.name`, messages.invalid)
  if (typeof content !== 'string')
    return fail(`${path}.content`, content == null ? messages.blank : messages.typeString)
  const text = content.replace(/\s+/g, '')
  if (!base64Form.test(text)) return fail(`${path}.content`, messages.invalid)
  const bytes =
    text.length > (fileBytesMax * 4) / 3 + 8 ? new Uint8Array(fileBytesMax + 1) : Buffer.from(text, 'base64')
  const type = readFileType(bytes)
  if (!isFileType(type)) return fail(path, fieldFault(type, 'receipt')?.message ?? messages.invalid)
  return { name, bytes }
}
