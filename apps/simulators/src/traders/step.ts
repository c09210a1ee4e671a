/** What a trader desk does with one payment: written as `name` or `name:argument`. Contract: Cascade API, section 19.2. */
import type { RefusalCode } from '@cascad/provider-kit'
import { type Decimal, refusalCodes } from '@cascad/provider-kit/events'

export type Step = { readonly name: StepName; readonly argument: string }

type Form = { readonly usual: string; readonly pattern: RegExp; readonly says: string }

const none: Form = { usual: '', pattern: /^$/, says: '' }
const seconds = (usual: string, says: string): Form => ({ usual, pattern: /^\d{1,6}(\.\d{1,3})?$/, says })
const word = (words: readonly string[], says: string): Form => ({
  usual: words[0] ?? '',
  pattern: new RegExp(`^(${words.join('|')})$`),
  says,
})
const other = (says: string): Form => ({ usual: '90%', pattern: /^(\d{1,15}(\.\d{1,18})?|\d{1,3}%)$/, says })
const fields = ['bank', 'id', 'status', 'owner', 'cardNumber', 'sbpNumber', 'accountNumber']

export const stepForms = {
  issue: { ...none, says: 'requisites; paid only by control, failed when its window is over' },
  issue_success: seconds('5', 'the exact amount arrives after so many seconds'),
  issue_other: other('another amount arrives, or so many percent of it'),
  issue_wrong: other('another amount arrives, so it fails after 5 seconds; an appeal about that amount is agreed to'),
  issue_fail: seconds('5', 'fails after so many seconds, though the window is open'),
  issue_never: { ...none, says: 'pending for ever' },
  issue_late: seconds('60', 'paid so many seconds after the window is over'),
  issue_cancel_success: { ...none, says: 'paid 10 seconds after it was cancelled' },
  issue_flap: { ...none, says: 'success after 5 seconds, failed after 10' },
  issue_now_success: { ...none, says: 'success in the first answer, pending afterwards' },
  refuse: word(refusalCodes, 'refuses'),
  refuse_plain: { usual: '400', pattern: /^4\d\d$/, says: 'refuses with this status and plain text' },
  throttle: { usual: '30', pattern: /^\d{1,3}$/, says: '429 with Retry-After' },
  unauthorized: { ...none, says: '401' },
  create_failed: { ...none, says: '200 with status failed' },
  e500: word(['not_created', 'created'], '500'),
  timeout: word(['not_created', 'created'], 'never answers'),
  late_answer: seconds('15', 'the right answer, so many seconds late'),
  slow: { usual: '1000', pattern: /^\d{1,6}$/, says: 'the right answer after so many milliseconds' },
  reset: { ...none, says: 'cuts the connection' },
  bad_json: { ...none, says: 'broken JSON; the payment exists' },
  wrong_types: { ...none, says: 'fields of the wrong types; the payment exists' },
  missing: word(fields, 'leaves out a field'),
  wrong_method: { ...none, says: 'requisites of another method' },
  duplicate_id: { ...none, says: 'the id of the payment before' },
  number_id: { ...none, says: 'the id as a JSON number' },
  luhn_bad: { ...none, says: 'a card number with a wrong check digit' },
  redirect: { ...none, says: '302' },
  huge: { ...none, says: 'an answer of 1 MiB' },
  get: word(['404', '500', 'timeout', 'garbage', 'unknown_status'], 'issued; GET_PAYMENT goes wrong'),
  cancel: word(['409', '500'], 'issued; CANCEL_PAYMENT goes wrong'),
  appeal: word(['no_id', '409', '400', '500', 'accept', 'reject'], 'issued; what becomes of its appeal'),
  close: word(['404', '500'], 'issued; closing its appeal goes wrong'),
} as const satisfies Record<string, Form>

export type StepName = keyof typeof stepForms

/** The step of a text such as `issue_success:5`; a missing argument is the usual one. `null` = there is no such step. */
export function readStep(text: string): Step | null {
  const [, name = '', argument] = /^([a-z0-9_]+)(?::(.+))?$/.exec(text) ?? []
  if (!Object.hasOwn(stepForms, name)) return null
  const form: Form = stepForms[name as StepName]
  const given = argument ?? form.usual
  return form.pattern.test(given) ? { name: name as StepName, argument: given } : null
}

export function refusalCodeOf(step: Step): RefusalCode {
  return step.argument as RefusalCode
}

const byMinorDigits: Readonly<Record<string, string>> = {
  '01': 'issue_success',
  '02': 'issue_fail',
  '03': 'issue_never',
  '04': 'issue_late',
  '05': 'issue_cancel_success',
  '06': 'issue_flap',
  '07': 'issue_now_success',
  '08': 'issue_other',
  '10': 'refuse:NO_REQUISITES',
  '11': 'refuse:INSUFFICIENT_BALANCE',
  '12': 'refuse:AMOUNT_OUT_OF_RANGE',
  '13': 'refuse_plain',
  '14': 'throttle',
  '15': 'unauthorized',
  '16': 'create_failed',
  '20': 'e500:not_created',
  '21': 'e500:created',
  '22': 'timeout:not_created',
  '23': 'timeout:created',
  '24': 'late_answer',
  '25': 'reset',
  '26': 'slow',
  '30': 'bad_json',
  '31': 'missing',
  '32': 'wrong_method',
  '33': 'duplicate_id',
  '34': 'number_id',
  '35': 'luhn_bad',
  '36': 'redirect',
  '37': 'huge',
  '38': 'wrong_types',
  '40': 'get:404',
  '41': 'get:500',
  '42': 'get:timeout',
  '43': 'get:garbage',
  '44': 'get:unknown_status',
  '45': 'cancel:409',
  '46': 'cancel:500',
  '50': 'appeal:no_id',
  '51': 'appeal:409',
  '52': 'appeal:400',
  '53': 'appeal:500',
  '54': 'close:404',
  '55': 'close:500',
  '56': 'appeal:accept',
  '57': 'appeal:reject',
}

/** Digits after the point, of amounts that ask for a step when no script matches. */
export const amountSteps: readonly (readonly [digits: string, step: string])[] = Object.entries(byMinorDigits).sort(
  ([a], [b]) => a.localeCompare(b),
)

/** Steps that a desk adds to the common ones, by the same two digits; where both know the digits, its own go before. */
export type AmountSteps = Readonly<Record<string, string>>

/** The step an amount asks for by its two digits after the point; all others are issued. */
export function stepOfAmount(amount: Decimal, own: AmountSteps = {}): Step {
  const digits = (amount.split('.')[1] ?? '').padEnd(2, '0')
  return readStep(own[digits] ?? byMinorDigits[digits] ?? 'issue') as Step
}
