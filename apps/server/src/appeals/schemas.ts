/** What the OpenAPI document says of appeals. */
import Type from 'typebox'
import { amountInputSchema, amountSchema, codeSchema, idSchema, nullable, timeSchema } from '../http/schemas.ts'
import { appealReasons, appealStates, rejectionReasons } from './appeal.ts'
import { textLengthMax } from './move-appeal.ts'
import { evidenceFilesMax, fileBytesMax } from './rules/file-type.ts'
import { commentLengthMax } from './rules/may-open.ts'

const exact = { additionalProperties: false } as const
const oneOf = (words: readonly string[]) => Type.Union(words.map((word) => Type.Literal(word)))

const sentFile = Type.Object(
  {
    name: Type.String({ maxLength: 255 }),
    content: Type.String({
      contentEncoding: 'base64',
      description: `PDF, JPEG or PNG of at most ${fileBytesMax} bytes`,
    }),
  },
  { description: 'A file, its content in base64' },
)

const envelope = (type: string, attributes: ReturnType<typeof Type.Object>) =>
  Type.Object({ data: Type.Object({ type: Type.Optional(Type.Literal(type)), attributes }) })

export const newAppealBody = envelope(
  'payment-appeals',
  Type.Object({
    reason: oneOf(appealReasons),
    amount: Type.Optional(
      Type.Union(amountInputSchema.anyOf, {
        description:
          'What the payer has sent, in the currency he was asked for. Left out with `not_credited` = what he was asked for, which only a failed payment allows',
      }),
    ),
    comment: Type.Optional(Type.String({ maxLength: commentLengthMax })),
    attempt_id: Type.Optional(
      Type.String({
        description: 'Which of the requisites; left out = those that were paid, else the last that were shown',
      }),
    ),
    receipt: Type.Optional(sentFile),
    receipt_url: Type.Optional(
      Type.String({
        format: 'uri',
        description:
          'Instead of `receipt`: where the file can be fetched. It is fetched once, at once, from a public address',
      }),
    ),
  }),
)

export const messageBody = envelope(
  'payment-appeal-messages',
  Type.Object({
    text: Type.Optional(Type.String({ maxLength: textLengthMax })),
    internal: Type.Optional(Type.Boolean({ description: 'A note for your own side only' })),
    files: Type.Optional(Type.Array(sentFile, { maxItems: evidenceFilesMax })),
  }),
)

const file = Type.Object(
  { id: idSchema('rcp_'), name: Type.String(), type: oneOf(['pdf', 'jpg', 'png']), size: Type.Integer() },
  exact,
)

const message = Type.Object(
  {
    id: idSchema('apm_'),
    from: oneOf(['merchant', 'payer', 'provider', 'operator', 'system']),
    author: nullable(Type.String()),
    kind: oneOf(['message', 'verdict', 'contest', 'decision']),
    internal: Type.Boolean(),
    text: Type.String(),
    files: Type.Array(file),
    created: timeSchema,
  },
  exact,
)

const attributes = Type.Object(
  {
    status: oneOf(appealStates),
    resolution: nullable(Type.String({ description: 'How it came to its end' })),
    number: Type.Integer({ minimum: 1, maximum: 3 }),
    reason: oneOf(appealReasons),
    amount: amountSchema,
    original_amount: amountSchema,
    currency: codeSchema,
    comment: Type.String(),
    test_mode: Type.Boolean(),
    attempt_id: idSchema('pay_'),
    opened_by: oneOf(['merchant', 'payer', 'operator']),
    rejection: nullable(
      Type.Object(
        { reason: oneOf(rejectionReasons), text: nullable(Type.String()), amount_seen: nullable(amountSchema) },
        exact,
      ),
    ),
    may_contest: Type.Boolean(),
    may_accept_amount: Type.Boolean(),
    may_withdraw: Type.Boolean(),
    created: timeSchema,
    updated: timeSchema,
    deadline: nullable(timeSchema),
    promised: Type.Integer({ description: 'Unix seconds: a verdict is promised by then' }),
    closed: nullable(timeSchema),
    receipt: Type.Optional(nullable(file)),
    messages: Type.Optional(Type.Array(message)),
  },
  exact,
)

const appeal = Type.Object(
  {
    type: Type.Literal('payment-appeals'),
    id: idSchema('apl_'),
    attributes,
    relationships: Type.Object({}, { additionalProperties: true }),
    links: Type.Object({ self: Type.String() }, exact),
  },
  exact,
)

export const appealReply = Type.Object({ data: appeal }, { ...exact, description: 'The appeal' })

export const appealsReply = Type.Object(
  { links: Type.Object({ self: Type.String() }, exact), data: Type.Array(appeal, { maxItems: 3 }) },
  { ...exact, description: 'The appeals of the payment, oldest first' },
)
