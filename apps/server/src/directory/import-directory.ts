import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sql } from '../database/connect.ts'
import { parseJson } from '../http/json.ts'
import { BadRow } from './rules/bad-row.ts'
import { asRow, codeOf, readCurrency, readMethod, readService } from './rules/read-row.ts'
import { type Side, selectCodes, selectCurrencies, upsertCurrencies, upsertMethods, upsertServices } from './table.ts'

/** The files of the OpenFintech data set that are read, in the order of what refers to what. */
export const directoryFiles = [
  'currencies',
  'payment_methods',
  'payment_services',
  'payout_methods',
  'payout_services',
] as const
export type DirectoryFile = (typeof directoryFiles)[number]

export type BadRowReport = {
  readonly file: string
  /** From 0, as in the file. */
  readonly index: number
  readonly code: string | null
  readonly why: string
}

export type FileReport = {
  readonly file: string
  /** `absent`: not in the folder. `unreadable`: no JSON list, `why` says it. */
  readonly state: 'read' | 'absent' | 'unreadable'
  readonly why: string | null
  readonly rows: number
  readonly added: number
  readonly updated: number
  /** Entries for tests: fixed, so that every installation behaves alike. */
  readonly kept: number
  readonly bad: readonly BadRowReport[]
}

const bytes_max = 128 * 1024 * 1024
const batch_rows = 500

/**
 * Brings the files of an OpenFintech folder into the directory: new entries are added, known ones brought up to date, a bad row
 * is reported and left out. The exponent of a known currency never changes. Nothing is removed.
 */
export async function importDirectory(sql: Sql, folder: string): Promise<FileReport[]> {
  const reports: FileReport[] = []
  for (const name of directoryFiles) reports.push(await importFile(sql, folder, name))
  return reports
}

/** Did a file fail as a whole: unreadable, or not one of its rows could be taken? Or was there no file at all? */
export function isFailed(reports: readonly FileReport[]): boolean {
  const failed = (report: FileReport): boolean =>
    report.state === 'unreadable' || (report.rows > 0 && report.added + report.updated + report.kept === 0)
  return reports.some(failed) || reports.every((report) => report.state === 'absent')
}

async function importFile(sql: Sql, folder: string, name: DirectoryFile): Promise<FileReport> {
  const file = `${name}.json`
  const empty = { file, why: null, rows: 0, added: 0, updated: 0, kept: 0, bad: [] }
  const list = await readList(join(folder, file))
  if (list === null) return { ...empty, state: 'absent' }
  if (typeof list === 'string') return { ...empty, state: 'unreadable', why: list }
  const kind = await kindOf(sql, name)
  const taken: Taken[] = []
  const bad: BadRowReport[] = []
  const first = new Map<string, number>()
  let kept = 0
  for (const [index, value] of list.entries()) {
    try {
      const row = kind.read(asRow(value))
      const before = first.get(row.code)
      if (before !== undefined) throw new BadRow(`the code stands twice, first at ${before}`)
      first.set(row.code, index)
      if (kind.fixed(row)) kept += 1
      else taken.push({ index, row })
    } catch (error) {
      if (!(error instanceof BadRow)) throw error
      bad.push({ file, index, code: codeOf(value), why: error.message })
    }
  }
  const refused = await writeInBatches(taken, kind)
  const lost = new Set(refused.map(({ index }) => index))
  bad.push(...refused.map(({ index, row, why }) => ({ file, index, code: row.code, why })))
  const written = taken.filter(({ index }) => !lost.has(index))
  const updated = written.filter(({ row }) => kind.known.has(row.code)).length
  bad.sort((a, b) => a.index - b.index)
  return { file, state: 'read', why: null, rows: list.length, added: written.length - updated, updated, kept, bad }
}

type Row = { readonly code: string }
type Taken = { readonly index: number; readonly row: Row }

/** How rows of one file are read and written. */
type Kind = {
  readonly known: ReadonlySet<string>
  readonly read: (row: Readonly<Record<string, unknown>>) => Row
  readonly fixed: (row: Row) => boolean
  readonly write: (rows: readonly Row[]) => Promise<void>
}

/** The list in the file; `null` when there is no file; a sentence when it cannot be read. */
async function readList(path: string): Promise<unknown[] | string | null> {
  try {
    if ((await stat(path)).size > bytes_max) return `The file is larger than ${bytes_max / 1024 / 1024} MiB.`
    const value = parseJson((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''))
    return Array.isArray(value) ? value : 'The file is not a JSON list.'
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    return error instanceof SyntaxError
      ? `The file is not valid JSON: ${message}`
      : `The file cannot be read: ${message}`
  }
}

const testCode = 'test'

async function kindOf(sql: Sql, name: DirectoryFile): Promise<Kind> {
  if (name === 'currencies') return currencyKind(sql)
  const side: Side = name.startsWith('payment') ? 'payment' : 'payout'
  const known = await selectCodes(sql, name)
  if (name.endsWith('_methods')) {
    type Method = ReturnType<typeof readMethod>
    return {
      known,
      read: (row) => readMethod(row, side),
      fixed: ({ code }) => code === testCode && known.has(code),
      write: (rows) => upsertMethods(sql, side, rows as Method[]),
    }
  }
  type Service = ReturnType<typeof readService>
  const methods = await selectCodes(sql, `${side}_methods`)
  const exponents = new Map((await selectCurrencies(sql)).map((currency) => [currency.code, currency]))
  return {
    known,
    read: (row) => readService(row, side, { methods, exponents }),
    fixed: (row) => (row as Service).method === testCode && known.has(row.code),
    write: (rows) => upsertServices(sql, side, rows as Service[]),
  }
}

async function currencyKind(sql: Sql): Promise<Kind> {
  const stored = new Map((await selectCurrencies(sql)).map((currency) => [currency.code, currency.exponent]))
  return {
    known: new Set(stored.keys()),
    read: (row) => {
      const currency = readCurrency(row)
      const exponent = stored.get(currency.code)
      if (exponent !== undefined && exponent !== currency.exponent) {
        throw new BadRow(
          `the directory has it with ${exponent} decimals, the file with ${row.exponent}: amounts are counted in them`,
        )
      }
      return currency
    },
    fixed: () => false,
    write: (rows) => upsertCurrencies(sql, rows as ReturnType<typeof readCurrency>[]),
  }
}

/** A batch the database refuses is written row by row, so that one bad row takes no other with it. */
async function writeInBatches(taken: readonly Taken[], kind: Kind): Promise<(Taken & { readonly why: string })[]> {
  const refused: (Taken & { why: string })[] = []
  for (let start = 0; start < taken.length; start += batch_rows) {
    const batch = taken.slice(start, start + batch_rows)
    if ((await tryWrite(kind, batch)) === null) continue
    for (const one of batch) {
      const why = await tryWrite(kind, [one])
      if (why !== null) refused.push({ ...one, why })
    }
  }
  return refused
}

/** `null` when written; what the database says when it refuses the data; other errors are thrown. */
async function tryWrite(kind: Kind, rows: readonly Taken[]): Promise<string | null> {
  try {
    await kind.write(rows.map(({ row }) => row))
    return null
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (typeof code === 'string' && /^2[23]/.test(code)) return `the database refuses it: ${message}`
    throw error
  }
}
