/** `npm run ledger:verify`: proves the books of DATABASE_URL, or of the data folder's database, running or not. */
import { existsSync } from 'node:fs'
import { ConfigError, readConfig } from '../config.ts'
import { connect } from '../database/connect.ts'
import { startEmbedded } from '../database/embedded.ts'
import { findEmbedded } from '../database/find-embedded.ts'
import { StartProblem } from '../start-problem.ts'
import { type Finding, verifyLedger } from './verify.ts'

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

type Books = { readonly url: string; readonly close: () => Promise<void> }

async function openBooks(): Promise<Books> {
  const config = readConfig(process.env)
  const url = config.database_url ?? findEmbedded(config.data_dir)
  if (url !== null) return { url, close: async () => {} }
  if (!existsSync(config.data_dir)) {
    throw new StartProblem(
      `There are no books: ${config.data_dir} does not exist. Set DATABASE_URL, or CASCAD_DATA_DIR to the data folder of a Cascad.`,
    )
  }
  const server = await startEmbedded({ folder: config.data_dir, log: say })
  return { url: server.url, close: server.stop }
}

function table(findings: readonly Finding[]): string[] {
  const rows = [
    ['check', 'looked at', 'wrong'],
    ...findings.map(({ check, counted, broken }) => [check, String(counted), String(broken)]),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map(([check = '', counted = '', wrong = '']) =>
    [check.padEnd(widths[0] ?? 0), counted.padStart(widths[1] ?? 0), wrong.padStart(widths[2] ?? 0)].join('  '),
  )
}

/** Says every 2 s what is being checked, so that a long proof is not taken for a stuck one. */
async function verifyWithProgress(url: string): Promise<Finding[]> {
  const sql = connect(url, { connections_max: 1, application_name: 'cascad-ledger-verify' })
  const began = performance.now()
  let checking = ''
  const progress = setInterval(() => {
    process.stderr.write(`… ${Math.round((performance.now() - began) / 1000)} s: ${checking}\n`)
  }, 2000)
  try {
    return await verifyLedger(sql, (name) => {
      checking = name
    })
  } finally {
    clearInterval(progress)
    await sql.end({ timeout: 5 })
  }
}

async function run(): Promise<number> {
  const books = await openBooks()
  try {
    const findings = await verifyWithProgress(books.url)
    for (const line of table(findings)) say(line)
    const wrong = findings.filter(({ broken }) => broken > 0n)
    for (const { check, broken, culprits } of wrong) {
      say(`\nWrong: ${check}`)
      for (const culprit of culprits) say(`  ${culprit}`)
      if (broken > BigInt(culprits.length)) say(`  … and ${broken - BigInt(culprits.length)} more`)
    }
    say(wrong.length === 0 ? '\nThe books are right.' : '\nThe books are wrong.')
    return wrong.length === 0 ? 0 : 1
  } finally {
    await books.close()
  }
}

try {
  process.exitCode = await run()
} catch (error) {
  if (!(error instanceof StartProblem || error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
