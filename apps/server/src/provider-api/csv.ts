/** Files for spreadsheets: RFC 4180, UTF-8. */
import { Readable } from 'node:stream'
import { ProviderFile } from './provider-route.ts'

/** One cell. Text that a spreadsheet would take for a formula is kept from being one. */
export function csvCell(value: string | null): string {
  if (value === null) return ''
  const text = /^[=@\t\r]/.test(value) || (/^[+-]/.test(value) && !/^[+-][\d.,*]*$/.test(value)) ? `'${value}` : value
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
