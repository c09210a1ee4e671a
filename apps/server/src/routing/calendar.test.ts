import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarOf } from './calendar.ts'

/** moment, time zone, hour, weekday, day, month, day of year */
const moments: [string, string, number, number, number, number, number][] = [
  ['2026-03-02T10:15:30Z', 'UTC', 10, 1, 2, 3, 61],
  ['2026-01-01T00:00:00Z', 'UTC', 0, 4, 1, 1, 1],
  ['2026-12-31T23:59:59Z', 'UTC', 23, 4, 31, 12, 365],
  ['2024-12-31T23:59:59Z', 'UTC', 23, 2, 31, 12, 366],
  ['2026-03-01T23:30:00Z', 'Europe/Kyiv', 1, 1, 2, 3, 61],
  ['2026-01-01T03:00:00Z', 'America/New_York', 22, 3, 31, 12, 365],
  ['2026-03-28T22:00:00Z', 'Asia/Kathmandu', 3, 7, 29, 3, 88],
  // The night the clocks go forward in Kyiv: 02:59 is followed by 04:00.
  ['2026-03-29T00:59:00Z', 'Europe/Kyiv', 2, 7, 29, 3, 88],
  ['2026-03-29T01:00:00Z', 'Europe/Kyiv', 4, 7, 29, 3, 88],
  // The night they go back: 03:59 is followed by 03:00.
  ['2026-10-25T00:59:00Z', 'Europe/Kyiv', 3, 7, 25, 10, 298],
  ['2026-10-25T01:00:00Z', 'Europe/Kyiv', 3, 7, 25, 10, 298],
  ['2026-10-25T02:00:00Z', 'Europe/Kyiv', 4, 7, 25, 10, 298],
]
for (const [moment, zone, hour, weekday, day, month, day_of_year] of moments) {
  test(`${moment} in ${zone} is ${hour} o'clock of day ${day_of_year}`, () => {
    assert.deepEqual(calendarOf(new Date(moment), zone), { hour, weekday, day, month, day_of_year })
  })
}

test('a time zone that does not exist is refused', () => {
  assert.throws(() => calendarOf(new Date(0), 'Mars/Olympus'), RangeError)
})
