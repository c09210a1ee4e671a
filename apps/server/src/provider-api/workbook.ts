/** Spreadsheet files (XLSX), made by a thread of their own, a few at a time: payments never wait for one. */
import { Worker } from 'node:worker_threads'
import { Problem } from '../http/problem.ts'
import { ProviderProblem } from './provider-problem.ts'
import { ProviderFile } from './provider-route.ts'
import type { Column, ToThread } from './workbook-thread.ts'

export type { Column } from './workbook-thread.ts'
export type Rows = readonly (readonly (string | null)[])[]

export const workbook_type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** A file lies in memory as a whole, some 100 MB for so many; a CSV file has no end. */
const rows_max = 20_000
const at_once_max = 2
const memory_mb_max = 512
const busy = { headers: { 'retry-after': '5' } }

/** Of one person, of every kind together. */
export const workbooks_of_person = { count: 12, window_ms: 10 * 60_000 }

let running = 0

/** 422 when there are more rows than a file takes, 503 when others are being made. */
export async function workbookFile(
  name: string,
  columns: readonly Column[],
  pieces: AsyncIterable<Rows>,
): Promise<ProviderFile> {
  if (running >= at_once_max) throw new Problem(503, busy)
  running += 1
  const thread = new Worker(new URL('./workbook-thread.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memory_mb_max },
    env: {},
  })
  try {
    const made = new Promise<Uint8Array>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
      thread.once('exit', (code) => reject(new Error(`the thread of a spreadsheet ended with ${code}`)))
    })
    // Its failure is seen below, or is the rest of a failure that was thrown already.
    made.catch(() => {})
    const tell = (message: ToThread): void => thread.postMessage(message)
    tell(columns)
    let count = 0
    for await (const rows of pieces) {
      count += rows.length
      if (count > rows_max) throw tooMany()
      tell({ rows })
    }
    tell(null)
    const file = await made
    return new ProviderFile(workbook_type, Buffer.from(file.buffer, file.byteOffset, file.byteLength), {
      'content-disposition': `attachment; filename="${name}.xlsx"`,
    })
  } finally {
    running -= 1
    await thread.terminate()
  }
}

function tooMany(): ProviderProblem {
  const text = `A spreadsheet takes at most ${rows_max} lines: choose a shorter period, or CSV.`
  return new ProviderProblem(422, 'too_many_rows', text)
}
