/**
 * `npm test [-- [--test-name-pattern=...] files or folders]`: one PostgreSQL, one migrated template, then Node's test runner
 * over the given or all test files. DATABASE_URL = a server of yours whose user may create databases.
 */
import { randomBytes } from 'node:crypto'
import { globSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { run as runTests } from 'node:test'
import { spec } from 'node:test/reporters'
import { parseArgs } from 'node:util'
import { connect } from '../apps/server/src/database/connect.ts'
import { migrate } from '../apps/server/src/database/migrate.ts'
import { type ScratchServer, startScratchServer } from '../apps/server/src/database/scratch-server.ts'
import { StartProblem } from '../apps/server/src/start-problem.ts'

/** Those of the whole product first: a long file that begins last would run alone at the end. */
const folders = ['tests', 'connectors', 'packages', 'scripts', 'apps']

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

function readArguments(): { wanted: string[]; name_patterns: string[] } {
  try {
    const options = { 'test-name-pattern': { type: 'string', multiple: true } } as const
    const { positionals, values } = parseArgs({ allowPositionals: true, options })
    return { wanted: positionals, name_patterns: values['test-name-pattern'] ?? [] }
  } catch (error) {
    throw new StartProblem(`${error instanceof Error ? error.message : error}`)
  }
}

function filesOf(wanted: readonly string[]): string[] {
  const found = (wanted.length > 0 ? wanted : folders).flatMap((wish) => {
    const isFolder = statSync(wish, { throwIfNoEntry: false })?.isDirectory()
    return isFolder
      ? globSync(`${wish}/**/*.test.ts`, { exclude: ['**/node_modules'] })
          .sort()
          .reverse()
      : globSync(wish)
  })
  if (found.length === 0) throw new StartProblem(`There is no test file at ${wanted.join(' ')}.`)
  return [...new Set(found)]
}

/** The files in this order, as many at a time as keep every core busy; whether all tests passed. */
async function runFiles(files: string[], name_patterns: string[], signal: AbortSignal): Promise<boolean> {
  // One more than cores: at any time one of them waits for a browser, a time or a process to start.
  const events = runTests({
    files,
    signal,
    concurrency: availableParallelism() + 1,
    ...(name_patterns.length > 0 && { testNamePatterns: name_patterns }),
  })
  let passed = false
  events.on('test:summary', ({ file, success }) => {
    if (file === undefined) passed = success
  })
  await pipeline(events, new spec(), process.stdout, { end: false })
  return passed
}

async function run(): Promise<boolean> {
  const { wanted, name_patterns } = readArguments()
  const files = filesOf(wanted)
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  const server = await startServer()
  try {
    const template = await makeTemplate(server.url)
    try {
      say(`PostgreSQL is ready; ${files.length} test ${files.length === 1 ? 'file' : 'files'}.`)
      process.env.CASCAD_TEST_DATABASE_URL = server.url
      process.env.CASCAD_TEST_TEMPLATE = template.name
      // Every file is a process: what the first of them has compiled, the others only read.
      process.env.NODE_COMPILE_CACHE ??= path.resolve('node_modules/.cache/compiled')
      return await runFiles(files, name_patterns, stopping.signal)
    } finally {
      await template.drop()
    }
  } finally {
    await server.stop()
  }
}

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  if (!(error instanceof StartProblem)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
