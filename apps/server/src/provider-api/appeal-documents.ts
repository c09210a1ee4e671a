/** Documents of appeals, as a provider sees them. */
import Type, { type Static } from 'typebox'
import { amountText, cursorText, oneOf, orNull, timeText } from './document-parts.ts'

export const appealStates = [
  'opened',
  'submitted',
  'accepted',
  'rejected',
  'arbitration',
  'confirmed',
  'cancelled',
] as const

export const appealRow = Type.Object({
  id: Type.String(),
  attempt_id: Type.String(),
  state: oneOf(...appealStates),
  reason: oneOf('not_credited', 'wrong_amount'),
  /** Payment currency: what was asked for, what is claimed to have been paid, and the difference. */
  currency: Type.String(),
  original_amount: amountText,
  amount: amountText,
  difference: amountText,
  opened_at: timeText,
  /** By then a verdict is due; `null` = none is. */
  deadline: orNull(timeText),
})
export type AppealRow = Static<typeof appealRow>
/** GET appeals?state&cursor */
export const appealsBody = Type.Object({ appeals: Type.Array(appealRow), cursor: cursorText })
export type Appeals = Static<typeof appealsBody>

/** A file is at GET appeals/:id/files/:receipt_id */
const fileBody = Type.Object({ receipt_id: Type.String(), kind: oneOf('pdf', 'jpg', 'png'), bytes: Type.Integer() })

/** GET appeals/:id */
export const appealBody = Type.Object({
  appeal: appealRow,
  payment: Type.Object({
    attempt_id: Type.String(),
    provider_reference: orNull(Type.String()),
    state: Type.String(),
    requested_at: timeText,
  }),
  /** Settlement currency. */
  frozen: amountText,
  receipt: orNull(fileBody),
  thread: Type.Array(
    Type.Object({
      id: Type.String(),
      at: timeText,
      from: oneOf('opener', 'provider', 'operator', 'system'),
      text: Type.String(),
      files: Type.Array(fileBody),
    }),
  ),
  may_accept: Type.Boolean(),
  may_reject: Type.Boolean(),
})
export type AppealDetail = Static<typeof appealBody>

export const rejectReasons = [
  'payment_not_found',
  'amount_differs',
  'wrong_requisites',
  'already_credited',
  'receipt_invalid',
  'other',
] as const

const sentFile = Type.Object({ name: Type.String(), content_base64: Type.String() })

/** POST appeals/:id/reject */
export const appealRejection = Type.Object({
  reason: oneOf(...rejectReasons),
  /** With `other`. */
  text: Type.Optional(Type.String()),
  /** With `amount_differs`: what was seen. */
  amount_seen: Type.Optional(amountText),
  evidence: sentFile,
})
export type AppealRejection = Static<typeof appealRejection>

/** POST appeals/:id/messages */
export const appealMessage = Type.Object({
  text: Type.String({ minLength: 1, maxLength: 1000 }),
  files: Type.Optional(Type.Array(sentFile, { maxItems: 5 })),
})
export type AppealMessage = Static<typeof appealMessage>
