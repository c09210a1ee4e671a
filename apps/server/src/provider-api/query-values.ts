/** Values of the address, as the routes want them. */
import Type from 'typebox'
import { parseTime } from '../http/text-forms.ts'
import { invalidFields } from './provider-problem.ts'

type Query = Readonly<Record<string, string>>

/** Schemas of what many lists take. */
const timeForm = 'ISO 8601 with an offset, or unix seconds'
export const cursorQuery = Type.String({ maxLength: 100, description: 'Of the page before' })
export const limitQuery = Type.String({ pattern: '^[1-9][0-9]{0,2}$', description: 'At most 200' })
export const periodQuery = {
  from: Type.String({ description: timeForm }),
  to: Type.String({ description: `${timeForm}; not included` }),
}

const limit_usual = 50
const limit_max = 200

export function limitOf(query: Query): number {
  return query.limit === undefined ? limit_usual : Math.min(Number(query.limit), limit_max)
}

export type Period = { readonly from?: Date; readonly to?: Date }

/** 422 for a time that is none. */
export function periodOf(query: Query): Period {
  return { ...timeOf(query, 'from'), ...timeOf(query, 'to') }
}

function timeOf<Name extends 'from' | 'to'>(query: Query, name: Name): { readonly [key in Name]?: Date } {
  const text = query[name]
  if (text === undefined) return {}
  const time = parseTime(text)
  if (!time) throw invalidFields({ [name]: 'is no time' })
  return { [name]: time } as { readonly [key in Name]?: Date }
}

/** Words between commas; 422 when one is not of the list. */
export function wordsOf<T extends string>(
  query: Query,
  name: string,
  known: readonly T[],
): { readonly words?: readonly T[] } {
  const text = query[name]
  if (text === undefined || text === '') return {}
  const words = text.split(',')
  const strange = words.find((word) => !(known as readonly string[]).includes(word))
  if (strange !== undefined) throw invalidFields({ [name]: `${strange.slice(0, 40)} is none of ${known.join(', ')}` })
  return { words: words as T[] }
}

/** The use case refuses a cursor that is none of its own with a RangeError. */
export async function withCursor<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof RangeError) throw invalidFields({ cursor: 'is none of this list' })
    throw error
  }
}
