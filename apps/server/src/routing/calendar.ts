/** The moment of routing in a scheme's time zone, for conditions on hour, weekday and date. */
import type { Calendar } from './rules/facts.ts'

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const minute_ms = 60_000

type Zone = { readonly format: Intl.DateTimeFormat; minute: number; calendar: Calendar }
const zones = new Map<string, Zone>()

/** Hour, weekday and date of `now` there. Throws RangeError for a time zone that does not exist. */
export function calendarOf(now: Date, time_zone: string): Calendar {
  const minute = Math.floor(now.getTime() / minute_ms)
  const known = zones.get(time_zone)
  if (known?.minute === minute) return known.calendar
  const format = known?.format ?? formatFor(time_zone)
  const calendar = read(format, now)
  zones.set(time_zone, { format, minute, calendar })
  return calendar
}

function formatFor(time_zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: time_zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    weekday: 'short',
  })
}

function read(format: Intl.DateTimeFormat, now: Date): Calendar {
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]))
  const number = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name))
  const year = number('year')
  const month = number('month')
  const day = number('day')
  return {
    hour: number('hour'),
    weekday: weekdays.indexOf(parts.get('weekday') ?? '') + 1,
    day,
    month,
    day_of_year: (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 0)) / 86_400_000,
  }
}
