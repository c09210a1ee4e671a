/** What a page is told of a form that came too late, because another tab was faster: as parameters, so that a reload tells it again. */
import type { Pair } from './read-look.ts'

const name = 'late'

/** Requisites are kept, and not given up, because the payer says that he has paid to them. */
export const keptPair: Pair = ['kept', '1']

export function isKept(query: Readonly<Record<string, unknown>>): boolean {
  return query[keptPair[0]] === keptPair[1]
}

/** The mark of a form, as the number of the requisites it is about; 0 = it is about none. */
export function askedOf(mark: unknown): number {
  return typeof mark === 'string' && /^[1-9]\d{0,3}$/.test(mark) ? Number(mark) : 0
}

/** That requisites were claimed which are not valid any more. */
export function latePair(asked: number): Pair {
  return [name, String(asked)]
}

/** Which requisites were claimed too late; 0 = none. */
export function lateOf(query: Readonly<Record<string, unknown>>): number {
  return askedOf(query[name])
}
