/** Settings as an operator types them, `name=value`, each read by a reader of its own. */
import { isStorable, lengthOf } from './text-forms.ts'

/** What does not fit is `undefined`. */
export type Read = (text: string) => unknown

/** `allowed` ends the sentence "<name> takes …". */
export type Reader = { readonly read: Read; readonly allowed: string }

export type NamedValues<Values> =
  | { readonly values: Values; readonly mistake: null }
  | { readonly values: null; readonly mistake: string }

export const flag: Reader = {
  read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  allowed: 'true or false',
}

export function oneOf(...values: readonly string[]): Reader {
  const last = values.at(-1) ?? ''
  return {
    read: (text) => (values.includes(text) ? text : undefined),
    allowed: `${values.slice(0, -1).join(', ')} or ${last}`,
  }
}

/** Both ends are allowed; `unit` such as `minutes`. */
export function wholeNumber(from: number, to: number, unit = ''): Reader {
  return {
    read: (text) => {
      const number = /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : -1
      return number >= from && number <= to ? number : undefined
    },
    allowed: `a whole number${unit === '' ? '' : ` of ${unit}`} from ${from} to ${to}`,
  }
}

/** Text without line breaks and other control characters, nothing blank at its ends; lengths in characters. */
export function oneLine(length_min: number, length_max: number): Reader {
  return {
    read: (text) => {
      const length = lengthOf(text)
      const fits = length >= length_min && length <= length_max && text.trim() === text
      return fits && isStorable(text) && !/\p{Cc}/u.test(text) ? text : undefined
    },
    allowed: `${length_min === 0 ? 'at most' : `${length_min} to`} ${length_max} characters on one line`,
  }
}

/** The same, and nothing is `null`. */
export function orNothing({ read, allowed }: Reader): Reader {
  return { read: (text) => (text === '' ? null : read(text)), allowed: `${allowed}, or nothing` }
}

/** The values by name, or what is wrong with the first bad text: a name without a reader, a name given twice, a value that does not fit. */
export function readNamedValues<Values extends object>(
  readers: { readonly [name in keyof Values]-?: Reader },
  given: readonly string[],
  noun = 'setting',
): NamedValues<Partial<Values>> {
  const values: Record<string, unknown> = {}
  for (const text of given) {
    const at = text.indexOf('=')
    const name = text.slice(0, Math.max(0, at))
    if (!Object.hasOwn(readers, name)) {
      const known = Object.keys(readers).join(', ')
      return { values: null, mistake: `there is no ${noun} "${name || text}"; there are ${known}` }
    }
    if (Object.hasOwn(values, name)) return { values: null, mistake: `${name} is given twice` }
    const { read, allowed } = readers[name as keyof Values]
    const value = read(text.slice(at + 1))
    if (value === undefined) return { values: null, mistake: `${name} takes ${allowed}` }
    values[name] = value
  }
  return { values: values as Partial<Values>, mistake: null }
}
