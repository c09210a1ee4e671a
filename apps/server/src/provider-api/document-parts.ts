/** Pieces that the documents of the provider dashboard are made of. */
import Type, { type TSchema } from 'typebox'

/** Decimal text in major units. */
export const amountText = Type.String({ pattern: '^-?[0-9]+([.][0-9]+)?$', description: 'Amount in major units' })

export const timeText = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' })

export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** One of the words. */
export const oneOf = <const T extends readonly string[]>(...words: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...words] })

export const roleWord = oneOf('owner', 'trading', 'finance', 'viewer')
export const methodWord = oneOf('card', 'sbp', 'account')

/** Pages of a list: hand `cursor` in to get the next; `null` = that was the last. */
export const cursorText = orNull(Type.String())

export const done = Type.Object({ done: Type.Literal(true) })
