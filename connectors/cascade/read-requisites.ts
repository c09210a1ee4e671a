/** The fields of an issued payment, checked and brought into the form they are kept in. Contract, sections 3.1 and 14.2. */
import type { RequisiteMethod, RequisitesAction } from '@cascad/connector/requisites'
import { numberField } from '@cascad/provider-kit/events'
import { maskNumbers } from '@cascad/provider-kit/mask'
import { isReadable } from './read-json.ts'

export type Requisites = Pick<RequisitesAction, 'bank' | 'owner' | 'number' | 'doubts'>

/** What is wrong: never a value out of the answer, they are personal data. */
export type Fault = { readonly fault: string }

export function readRequisites(
  document: Readonly<Record<string, unknown>>,
  method: RequisiteMethod,
  require_luhn: boolean,
): Requisites | Fault {
  const bank = lineOf(document.bank, 128)
  if (bank === null) return { fault: 'bank is missing or malformed' }
  const owner = lineOf(document.owner, 256)
  if (owner === null) return { fault: 'owner is missing or malformed' }
  const field = numberField[method]
  const number = numberOf(document[field], method)
  if (number === null) return { fault: `${field} is missing or malformed` }
  const isDoubtful = method === 'card' && !passesLuhn(number)
  if (isDoubtful && require_luhn) return { fault: `${field} has a wrong check digit` }
  return { bank: maskNumbers(bank), owner, number, doubts: isDoubtful ? ['check_digit'] : [] }
}

/** Controls, ends of lines, and marks that turn the direction of writing. */
const invisible = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** Text of one line, that reads as it was written: the payer compares it with what his bank shows him. */
function lineOf(value: unknown, length_max: number): string | null {
  if (typeof value !== 'string' || value.length > length_max || !isReadable(value)) return null
  const line = value.replace(invisible, '').trim()
  return line === '' ? null : line
}

function numberOf(value: unknown, method: RequisiteMethod): string | null {
  if (typeof value !== 'string' || value.length > 64) return null
  switch (method) {
    case 'card': {
      const digits = value.replace(/[\s-]/g, '')
      return /^\d{13,19}$/.test(digits) ? digits : null
    }
    case 'sbp': {
      const digits = value.replace(/[\s().-]/g, '')
      return /^\+?\d{10,15}$/.test(digits) ? `+${digits.replace('+', '')}` : null
    }
    case 'account': {
      const text = value.replace(/[\s-]/g, '')
      return /^[0-9A-Za-z]{5,34}$/.test(text) ? text.toUpperCase() : null
    }
  }
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits]
    .reverse()
    .map((digit, index) => (index % 2 === 0 ? Number(digit) : Number(digit) * 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return sum % 10 === 0
}
