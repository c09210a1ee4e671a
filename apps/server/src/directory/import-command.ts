/** `npm run directory:import <folder>`: brings an OpenFintech data set into the directory and tells what became of every file. */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { runCommand, say } from '../database/run-command.ts'
import { type FileReport, importDirectory, isFailed } from './import-directory.ts'

const bad_shown_max = 200

function table(reports: readonly FileReport[]): string[] {
  const rows = [
    ['file', 'rows', 'added', 'updated', 'kept', 'bad'],
    ...reports.map((report) => {
      if (report.state !== 'read') return [report.file, report.state === 'absent' ? 'not in the folder' : 'UNREADABLE']
      return [report.file, report.rows, report.added, report.updated, report.kept, report.bad.length].map(String)
    }),
  ]
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(...rows.filter((row) => row.length > 2).map((row) => row[column]?.length ?? 0)),
  )
  const first = Math.max(...rows.map((row) => row[0]!.length))
  return rows.map(([file = '', ...cells]) =>
    [file.padEnd(first), ...cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0))].join('  '),
  )
}

function tell(reports: readonly FileReport[]): void {
  for (const { file, why, bad } of reports) {
    if (why !== null) say(`${file}: ${why}`)
    for (const row of bad.slice(0, bad_shown_max))
      say(`${file}[${row.index}] ${row.code ?? 'without a code'}: ${row.why}.`)
    if (bad.length > bad_shown_max) say(`${file}: … and ${bad.length - bad_shown_max} more bad rows.`)
  }
  say('')
  for (const line of table(reports)) say(line)
  if (reports.some((report) => report.kept > 0))
    say('\nkept: entries of the test method; they are the same in every Cascad.')
  if (reports.every((report) => report.state === 'absent')) say('\nThe folder has none of the files of the data set.')
}

const [given] = process.argv.slice(2)
const folder = given === undefined ? null : resolve(given)
if (folder === null || !existsSync(folder) || !statSync(folder).isDirectory()) {
  process.stderr.write(
    `${folder === null ? 'Which folder?' : `${folder} is not a folder.`} Usage: npm run directory:import <folder with currencies.json, payment_methods.json, …>\n`,
  )
  process.exitCode = 1
} else {
  await runCommand('directory-import', async (sql) => {
    const reports = await importDirectory(sql, folder)
    tell(reports)
    return isFailed(reports) ? 1 : 0
  })
}
