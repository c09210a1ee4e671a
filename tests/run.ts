/**
 * `npm test [-- files, folders or flags of node --test]`: one PostgreSQL, one migrated template, then Node's test runner
 * over the given or all test files. DATABASE_URL = a server of yours whose user may create databases.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { globSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { connect } from '../apps/server/src/database/connect.ts'
import { migrate } from '../apps/server/src/database/migrate.ts'
import { type ScratchServer, startScratchServer } from '../apps/server/src/database/scratch-server.ts'
import { StartProblem } from '../apps/server/src/start-problem.ts'

const folders = ['apps', 'packages', 'connectors', 'tests', 'scripts']

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function startServer(): Promise<ScratchServer> {
  const { DATABASE_URL: given } = process.env
  return given ? { url: given, stop: async () => {} } : startScratchServer(say)
}

async function makeTemplate(server: string): Promise<{ name: string; drop: () => Promise<void> }> {
  const name = `cascad_test_${randomBytes(4).toString('hex')}`
  const admin = connect(server, { connections_max: 1, application_name: 'cascad-test-admin' })
  await admin`create database ${admin(name)}`
  const url = new URL(server)
  url.pathname = `/${name}`
  await migrate(url.href)
  return {
    name,
    async drop() {
      const clones = await admin<
        { datname: string }[]
      >`select datname from pg_database where datname like ${`${name}%`}`
      for (const { datname } of clones) await admin`drop database if exists ${admin(datname)} with (force)`
      await admin.end({ timeout: 1 })
    },
  }
}

function filesOf(wanted: readonly string[]): string[] {
  const found = (wanted.length > 0 ? wanted : folders).flatMap((path) => {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory()
    return isFolder ? globSync(`${path}/**/*.test.ts`, { exclude: ['**/node_modules'] }) : globSync(path)
  })
  if (found.length === 0) throw new StartProblem(`There is no test file at ${wanted.join(' ')}.`)
  return [...new Set(found)].sort()
}

async function run(): Promise<number> {
  const files = filesOf(process.argv.slice(2).filter((arg) => !arg.startsWith('-')))
  const flags = process.argv.slice(2).filter((arg) => arg.startsWith('-'))
  const server = await startServer()
  let child: ChildProcess | null = null
  // The runner gets the signal as well; we stay until it has ended, so that nothing is left running.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child?.kill(signal))
  try {
    const template = await makeTemplate(server.url)
    try {
      say(`PostgreSQL is ready; ${files.length} test ${files.length === 1 ? 'file' : 'files'}.`)
      const running = spawn(
        process.execPath,
        // One more than cores: at any time one of them waits for a browser, a time or a process to start.
        ['--test', `--test-concurrency=${availableParallelism() + 1}`, ...flags, ...files],
        {
          stdio: 'inherit',
          env: { ...process.env, CASCAD_TEST_DATABASE_URL: server.url, CASCAD_TEST_TEMPLATE: template.name },
        },
      )
      child = running
      return await new Promise((resolve) => running.once('exit', (code) => resolve(code ?? 1)))
    } finally {
      await template.drop()
    }
  } finally {
    await server.stop()
  }
}

try {
  process.exitCode = await run()
} catch (error) {
  if (!(error instanceof StartProblem)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
