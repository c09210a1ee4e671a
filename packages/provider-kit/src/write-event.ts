/** The caller's half: the exact body of an event. */
import { readDecimal } from './decimal.ts'
import type { EventData, EventName } from './events.ts'

/** `prefixed` = as the examples of the Cascade API write it, `bare` = as its enum does. */
export type EventForm = 'prefixed' | 'bare'

const numbers = new Set(['amount', 'currencyRate', 'transactionWindowInMin'])

/**
 * The body of a request: amounts and rates, decimal text in `data`, become JSON numbers in shortest form, never through a
 * float. Throws RangeError when one is no decimal.
 */
export function writeEvent<E extends EventName>(event: E, data: EventData[E], form: EventForm = 'prefixed'): string {
  const name = form === 'prefixed' ? `CascadeEvents.${event}` : event
  const members = Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(
      ([field, value]) => `"${field}":${numbers.has(field) ? numberOf(field, String(value)) : JSON.stringify(value)}`,
    )
  return `{"event":"${name}","data":{${members.join(',')}}}`
}

function numberOf(field: string, text: string): string {
  const plain = readDecimal(text)
  if (plain === null) throw new RangeError(`${field} is no decimal`)
  return plain
}
