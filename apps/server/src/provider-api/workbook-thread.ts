/** A thread that makes one spreadsheet file: cells in, the bytes of the file out. Thousands of rows keep a processor busy for seconds. */
import { parentPort } from 'node:worker_threads'
import writeExcelFile, { type SheetData } from 'write-excel-file/node'
import { type Cell, type CellKind, cellOf } from './rules/cell.ts'

/** First the columns, then rows in any number of pieces, then `null`. */
export type ToThread = readonly Column[] | { readonly rows: readonly (readonly (string | null)[])[] } | null
export type Column = { readonly name: string; readonly kind: CellKind }

const time_format = 'yyyy-mm-dd hh:mm:ss'
const widths = { text: 24, amount: 16, time: 20 } as const

let columns: readonly Column[] = []
const sheet: SheetData = []

parentPort?.on('message', async (message: ToThread) => {
  if (message === null) await finish()
  else if ('rows' in message) for (const row of message.rows) sheet.push(row.map(written))
  else {
    columns = message
    sheet.push(columns.map(({ name }) => ({ type: String, value: name, fontWeight: 'bold' })))
  }
})

function written(value: string | null, index: number) {
  const cell: Cell = cellOf(columns[index]?.kind ?? 'text', value)
  switch (cell?.type) {
    case undefined:
      return null
    case 'number':
      return { type: Number, value: cell.value, format: cell.format }
    case 'time':
      return { type: Date, value: new Date(cell.at_ms), format: time_format }
    case 'text':
      return { type: String, value: findable(cell.text) }
  }
}

/** The library looks texts up by name in an object that has names already. */
function findable(text: string): string {
  return text in Object.prototype ? `${text} ` : text
}

async function finish(): Promise<void> {
  const layout = { columns: columns.map(({ kind }) => ({ width: widths[kind] })), stickyRowsCount: 1 }
  const file = new Uint8Array(await writeExcelFile(sheet, layout).toBuffer())
  parentPort?.postMessage(file, [file.buffer])
  parentPort?.close()
}
