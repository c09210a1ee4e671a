/** Pieces of request and reply schemas that many routes share: ids, amounts, times, the bodies of errors. */
import Type, { type TSchema } from 'typebox'

const problemTexts = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  410: 'Gone',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  500: 'internal_error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
} as const

function problemBodyOf(code: string, status: string): TSchema {
  const problem = Type.Object(
    {
      status: Type.Literal(status),
      code: Type.Literal(code),
      title: Type.Optional(Type.String()),
      detail: Type.Optional(Type.String()),
    },
    { additionalProperties: false },
  )
  return Type.Object(
    { errors: Type.Array(problem, { minItems: 1, maxItems: 1 }) },
    { description: status === 'internal_error' ? 'Internal Server Error' : status, additionalProperties: false },
  )
}

/** The body of each error status, in the contract's form. */
export const problemBodies = Object.fromEntries(
  Object.entries(problemTexts).map(([code, status]) => [code, problemBodyOf(code, status)]),
) as { readonly [status in keyof typeof problemTexts]: TSchema }

/** 422: one message per field, by dotted path. */
export const invalidFieldsBody = Type.Object(
  { errors: Type.Record(Type.String(), Type.String()) },
  { description: 'Unprocessable Entity: one message per field', additionalProperties: false },
)

/** 409: the stored resource as it stands. */
export const conflictBody = Type.Object(
  { data: Type.Object({}, { additionalProperties: true }) },
  { description: 'Conflict: the resource as it stands', additionalProperties: true },
)

/** An id with its prefix and 16 characters. */
export function idSchema(prefix: string): TSchema {
  return Type.String({ pattern: `^${prefix}[A-Za-z0-9]{16}$` })
}

export const amountSchema = Type.Number({ description: 'Amount in major units, in shortest plain notation' })
export const amountInputSchema = Type.Union([Type.Number(), Type.String({ pattern: '^-?[0-9]+([.][0-9]+)?$' })], {
  description: 'Amount in major units, as a number or as text',
})
export const fixedAmountSchema = Type.String({
  pattern: '^-?[0-9]+([.][0-9]+)?$',
  description: 'Amount in major units with all decimals of the currency',
})
export const timeSchema = Type.Integer({ description: 'Unix seconds' })
export const codeSchema = Type.String({ minLength: 1 })

/** A value or `null`. */
export function nullable(schema: TSchema): TSchema {
  return Type.Union([schema, Type.Null()])
}

/** A map that is written `[]` while it is empty. */
export function mapSchema(value: TSchema = Type.Unknown()): TSchema {
  return Type.Union([Type.Record(Type.String(), value), Type.Array(Type.Unknown(), { maxItems: 0 })])
}
