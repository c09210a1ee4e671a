/** What callers are told of refusals: a field and a sentence, or a conflict with a code. */
import { messages } from '../http/messages.ts'
import type { MoveRefusal } from './move-appeal.ts'
import { textLengthMax } from './move-appeal.ts'
import type { OpenRefusal } from './payer-appeal.ts'
import { evidenceFilesMax, type FileFault } from './rules/file-type.ts'
import { commentLengthMax } from './rules/may-open.ts'

export type Refusal = OpenRefusal | MoveRefusal

/** Of a field of the request: 422. */
export type FieldFault = {
  readonly field: 'amount' | 'receipt' | 'files' | 'comment' | 'text'
  readonly message: string
}

const invalid = (why: string): string => `receipt_invalid: ${why}`

/** `null` = the request is fine, and the appeal or payment is not as it should be: 409. */
export function fieldFault(refusal: Refusal, files: 'receipt' | 'files'): FieldFault | null {
  switch (refusal) {
    case 'amount_missing':
      return { field: 'amount', message: messages.blank }
    case 'amount_not_positive':
      return { field: 'amount', message: messages.notPositive }
    case 'amount_too_high':
      return { field: 'amount', message: 'This value should be at most ten times the amount of the payment.' }
    case 'amount_equal':
      return {
        field: 'amount',
        message: 'This value should differ from the amount of the payment, unless the payment has failed.',
      }
    case 'comment_too_long':
      return { field: 'comment', message: messages.tooLong(commentLengthMax) }
    case 'text_missing':
      return { field: 'text', message: messages.blank }
    case 'text_too_long':
      return { field: 'text', message: messages.tooLong(textLengthMax) }
    case 'receipt_empty':
      return { field: files, message: invalid('the file is empty.') }
    case 'receipt_type':
      return { field: files, message: invalid('the file should be a PDF, JPEG or PNG.') }
    case 'receipt_too_big':
      return { field: files, message: invalid('the file should be no larger than 10,485,760 bytes.') }
    case 'too_many_files':
      return { field: files, message: messages.tooMany(evidenceFilesMax) }
    default:
      return null
  }
}

/** Of `receipt_url`. */
export function receiptUrlFault(why: FileFault | 'url_refused' | 'not_fetched'): string {
  if (why === 'url_refused') return invalid('the address should be public and begin with https.')
  if (why === 'not_fetched')
    return invalid('the file could not be fetched from there; the answer should be a 200 within 10 seconds.')
  return fieldFault(why, 'receipt')?.message ?? messages.invalid
}
