/** Traders: people with a card, a phone and an account to which payers transfer. All of them are made up. */
import type { IssuedPayment, Method } from '@cascad/provider-kit'
import type { Draw } from '../terminals/random.ts'

export type Trader = {
  readonly id: string
  readonly owner: string
  readonly bank: string
  readonly numbers: Readonly<Record<Method, string>>
  /** Only active ones are given to payers. */
  active: boolean
}

const first_names = ['Anna', 'Boris', 'Daria', 'Egor', 'Galina', 'Ivan', 'Maria', 'Nikita', 'Olga', 'Pavel']
const last_names = ['Belova', 'Dymov', 'Ezhova', 'Karpenko', 'Lebedko', 'Moroz', 'Orlenko', 'Sizykh', 'Tkachuk', 'Zima']
const banks = ['Example Bank', 'First Sample Bank', 'Model Credit Union', 'Specimen Savings']

export function createTraders(count: number, draw: Draw): Trader[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `trader-${index + 1}`,
    owner: `${pick(first_names, draw)} ${pick(last_names, draw)}`,
    bank: pick(banks, draw),
    numbers: {
      // Neither a card network nor an operator of telephones gives out numbers that begin so.
      card: grouped(withCheckDigit(`999999${digits(9, draw)}`)),
      sbp: `+7000${digits(7, draw)}`,
      account: `40817810${digits(12, draw)}`,
    },
    active: true,
  }))
}

/** Answer fields that hold a trader's number for each method. */
export function requisitesOf(trader: Trader, method: Method): Partial<IssuedPayment> {
  const number = trader.numbers[method]
  if (method === 'card') return { cardNumber: number }
  return method === 'sbp' ? { sbpNumber: number } : { accountNumber: number }
}

/** The number with its last digit wrong. */
export function withWrongCheckDigit(number: string): string {
  return number.slice(0, -1) + ((Number(number.slice(-1)) + 1) % 10)
}

function pick<T>(from: readonly T[], draw: Draw): T {
  return from[draw(from.length)] as T
}

export function digits(count: number, draw: Draw): string {
  return Array.from({ length: count }, () => String(draw(10))).join('')
}

function grouped(number: string): string {
  return number.replace(/(.{4})(?=.)/g, '$1 ')
}

function withCheckDigit(number: string): string {
  const sum = [...number]
    .reverse()
    .map((digit, index) => (index % 2 === 0 ? Number(digit) * 2 : Number(digit)))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return number + ((10 - (sum % 10)) % 10)
}
