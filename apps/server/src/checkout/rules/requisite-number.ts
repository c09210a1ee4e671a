/** How a payer reads the number he transfers to, and what his bank's app is handed. Cascade API contract 14.2, 15. */

import type { RequisiteMethod } from '@cascad/connector/requisites'

/** Calling code, and the groups that follow it, as they are written where it belongs. A longer code goes before its own beginning. */
const phoneForms: readonly (readonly [code: string, groups: readonly number[], by: string])[] = [
  ['380', [2, 3, 2, 2], ' --'],
  ['375', [2, 3, 2, 2], ' --'],
  ['998', [2, 3, 2, 2], ' --'],
  ['992', [2, 3, 2, 2], ' --'],
  ['996', [3, 3, 3], ' -'],
  ['994', [2, 3, 2, 2], ' --'],
  ['995', [3, 2, 2, 2], ' --'],
  ['374', [2, 3, 3], ' -'],
  ['373', [2, 3, 3], ' -'],
  ['7', [3, 3, 2, 2], ' --'],
]

/** ITU-T E.164: one digit, two, else three. */
const callingCode = /^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/

/** In groups, so that it can be read aloud and compared; of a mask the hidden part is one row of dots. */
export function numberText(method: RequisiteMethod, number: string): string {
  const masked = /^([^*]*)\*+([^*]*)$/.exec(number)
  if (masked) return maskText(method, masked[1] ?? '', masked[2] ?? '')
  if (method === 'sbp') return phoneText(number)
  return inFours(number)
}

/** Without blanks, hyphens and the plus sign: every bank's app takes that. */
export function copiedNumber(number: string): string {
  return number.replace(/[^0-9A-Za-z]/g, '')
}

/** "3900" or "3900.50": half a fraction makes people look twice. */
export function copiedAmount(amount: string, exponent: number): string {
  const [whole = '', fraction = ''] = amount.split('.')
  return fraction === '' ? whole : `${whole}.${fraction.padEnd(exponent, '0')}`
}

function inFours(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1 ')
}

function maskText(method: RequisiteMethod, before: string, after: string): string {
  const start = method === 'card' ? inFours(before) : before
  return [start, '••••', after].filter((part) => part !== '').join(' ')
}

function phoneText(number: string): string {
  const digits = number.replace(/\D/g, '')
  const form = phoneForms.find(([code, groups]) => {
    const length = code.length + groups.reduce((sum, one) => sum + one, 0)
    return digits.startsWith(code) && digits.length === length
  })
  if (!form) {
    const [code = ''] = callingCode.exec(digits) ?? []
    return `+${code} ${digits.slice(code.length).replace(/\d{3}(?=\d{2})/g, '$& ')}`
  }
  const [code, groups, by] = form
  let at = code.length
  let text = `+${code} `
  groups.forEach((length, index) => {
    text += (index === 0 ? '' : (by[index - 1] ?? '-')) + digits.slice(at, at + length)
    at += length
  })
  return text
}
