/** What stands in one cell of a spreadsheet file. A cell of ours is never a formula: it is text, a number or a time by its kind. */

/** `amount` = decimal text; `time` = ISO 8601, shown in UTC. */
export type CellKind = 'text' | 'amount' | 'time'

export type Cell =
  | null
  | { readonly type: 'text'; readonly text: string }
  /** `format` shows as many decimals as were given. */
  | { readonly type: 'number'; readonly value: number; readonly format: string }
  | { readonly type: 'time'; readonly at_ms: number }

/** What a spreadsheet keeps of a number. A longer amount stays text, so that no digit of it is lost. */
const digits_max = 15
/** What a cell takes. */
const text_length_max = 32_767

export function cellOf(kind: CellKind, value: string | null): Cell {
  if (value === null || value === '') return null
  if (kind === 'amount') return amountCell(value)
  if (kind === 'time') {
    const at_ms = Date.parse(value)
    if (!Number.isNaN(at_ms)) return { type: 'time', at_ms }
  }
  return { type: 'text', text: writable(value) }
}

function amountCell(value: string): Cell {
  const [, whole, decimals = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(value) ?? []
  if (whole === undefined || (whole + decimals).replace(/^0+/, '').length > digits_max)
    return { type: 'text', text: writable(value) }
  const format = decimals === '' ? '0' : `0.${'0'.repeat(decimals.length)}`
  return { type: 'number', value: Number(value), format }
}

/** Without characters that no file of this form can hold. */
function writable(text: string): string {
  return [...text.slice(0, text_length_max).toWellFormed()].filter(isWritable).join('')
}

function isWritable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return code >= 0x20 ? code !== 0xfffe && code !== 0xffff : code === 0x9 || code === 0xa || code === 0xd
}
