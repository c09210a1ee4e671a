/** Files for spreadsheets: RFC 4180, UTF-8. */
import { Readable } from 'node:stream'
import { ProviderFile } from './provider-route.ts'

/** What begins a formula, in narrow and in wide letters. */
const formula = /^\s*[=@\uff1d\uff20]|^[\t\r]|^\s*[+\uff0b\uff0d-]/
/** An amount below zero, or the mask of a phone number. */
const amount = /^[+-][\d.,*]*$/
/** What begins a cell or a line where semicolons or tabs separate: there the quotes around our cell do not count. */
const inner = /([;\t\r\n])(?=\s*[=@+\uff1d\uff20\uff0b\uff0d-])/g

/** One cell. Text that a spreadsheet would take for a formula is kept from being one. */
export function csvCell(value: string | null): string {
  if (value === null) return ''
  const plain = formula.test(value) && !amount.test(value) ? `'${value}` : value
  const text = plain.replace(inner, "$1'")
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function csvLine(values: readonly (string | null)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`
}

/** Sent piece by piece, so that its size does not matter. */
export function csvFile(name: string, pieces: AsyncIterable<string>): ProviderFile {
  return new ProviderFile('text/csv; charset=utf-8', Readable.from(pieces), {
    'content-disposition': `attachment; filename="${name}.csv"`,
  })
}
