/** What the commands of the directory have around them: a database, sentences instead of stacks, an exit code. */
import { ConfigError, readConfig } from '../config.ts'
import { connect, type Sql } from '../database/connect.ts'
import { openDatabase } from '../database/open-database.ts'
import { codeOf, StartProblem } from '../start-problem.ts'

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Runs the command on the database of the environment and sets the exit code it gives back; problems are told and make 1. */
export async function runCommand(name: string, command: (sql: Sql) => Promise<number>): Promise<void> {
  try {
    const database = await openDatabase(readConfig(process.env), () => {})
    const sql = connect(database.url, { connections_max: 1, application_name: `cascad-${name}` })
    try {
      process.exitCode = await command(sql)
    } finally {
      await sql.end({ timeout: 5 })
      await database.close()
    }
  } catch (error) {
    process.exitCode = 1
    process.stderr.write(`${sentence(error)}\n`)
  }
}

function sentence(error: unknown): string {
  if (error instanceof StartProblem || error instanceof ConfigError) return error.message
  if (codeOf(error) === '42P01')
    return 'The database has no tables of Cascad yet: start Cascad on it once, then run this again.'
  if (codeOf(error) === 'ECONNREFUSED') return 'The database does not answer: start it, or correct DATABASE_URL.'
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
