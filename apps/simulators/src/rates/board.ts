/** A source of reference rates: what one unit of a currency is worth in others, as some market has it at the moment. */
import { ScriptError } from '../control/control.ts'

/** `broken`: half of an answer. `stale`: the time of an hour ago. `jump`: another rate, so many percent up. `silent`: never an answer. */
export const boardModes = ['ordinary', 'slow', 'broken', 'stale', 'jump', 'down', 'silent'] as const
export type BoardMode = (typeof boardModes)[number]

export type BoardScript = {
  readonly mode: BoardMode
  readonly delay_ms: number
  /** -99 to 1000. */
  readonly jump_percent: number
}

export type RateBoard = {
  /** Throws ScriptError for every mistake; what is left out is as usual. */
  readonly setScript: (wish: Partial<BoardScript>) => BoardScript
  readonly script: () => BoardScript
  /** How often it was asked. */
  readonly asked: () => number
  /** The answer for one unit of the currency, as it is now; `null` = the currency is not known here. */
  readonly answer: (from: string) => string | null
}

const usual: BoardScript = { mode: 'ordinary', delay_ms: 2_000, jump_percent: 50 }

/** Units of the second currency for one of the first, in ten-thousandths. */
const rates: Readonly<Record<string, Readonly<Record<string, bigint>>>> = {
  USDT: { RUB: 846_535n, EUR: 8_612n, UAH: 418_210n, USD: 9_997n },
  USD: { RUB: 846_789n, EUR: 8_615n, UAH: 418_335n },
  EUR: { RUB: 982_924n, USD: 11_608n, UAH: 485_588n },
}

/** What is added minute by minute, in ten-thousandths of the rate. */
const moves = [0n, 1n, 2n, 3n, 2n, 1n, 0n, -1n, -2n, -3n, -2n, -1n]
const minute_ms = 60_000
const stale_ms = 60 * minute_ms

/** The same clock gives the same rates. */
export function createRateBoard(now: () => Date): RateBoard {
  let script = usual
  let asked = 0
  return {
    setScript(wish) {
      const next = { ...usual, ...wish }
      const mistakes = mistakesIn(next)
      if (mistakes.length > 0) throw new ScriptError(mistakes)
      script = next
      return script
    },
    script: () => script,
    asked: () => asked,
    answer(from) {
      asked += 1
      const known = Object.hasOwn(rates, from) ? rates[from] : undefined
      if (!known) return null
      const at_ms = now().getTime()
      const move = moves[Math.floor(at_ms / minute_ms) % moves.length] ?? 0n
      const percent = script.mode === 'jump' ? BigInt(script.jump_percent) : 0n
      const members = Object.entries(known).map(([to, rate]) => {
        const moved = (rate * (10_000n + move) * (100n + percent)) / 100n
        return `"${to}":${decimal(moved)}`
      })
      const time = new Date(at_ms - (script.mode === 'stale' ? stale_ms : 0)).toISOString()
      const whole = `{"base":"${from}","time":"${time}","rates":{${members.join(',')}}}`
      return script.mode === 'broken' ? whole.slice(0, whole.length / 2) : whole
    },
  }
}

function mistakesIn({ mode, delay_ms, jump_percent }: BoardScript): string[] {
  const isWhole = (value: unknown, from: number, to: number): boolean =>
    Number.isInteger(value) && (value as number) >= from && (value as number) <= to
  return [
    ...(boardModes.includes(mode) ? [] : [`"mode" is one of ${boardModes.join(', ')}.`]),
    ...(isWhole(delay_ms, 0, 60_000) ? [] : ['"delay_ms" is a whole number from 0 to 60000.']),
    ...(isWhole(jump_percent, -99, 1000) ? [] : ['"jump_percent" is a whole number from -99 to 1000.']),
  ]
}

/** Of hundred-millionths. */
function decimal(units: bigint): string {
  const digits = String(units).padStart(9, '0')
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, '')
}
