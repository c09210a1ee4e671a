/** `npm test [-- files]`: one PostgreSQL, one migrated template, then Node's test runner over the given or all test files. */
import { spawn } from 'node:child_process'
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../apps/server/src/database/connect.ts'
import { startEmbedded } from '../apps/server/src/database/embedded.ts'
import { migrate } from '../apps/server/src/database/migrate.ts'

const patterns = ['apps/**/*.test.ts', 'packages/**/*.test.ts', 'connectors/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts']

async function templateUrl(server: string): Promise<void> {
  const admin = connect(server, { connections_max: 1, application_name: 'cascad-test-admin' })
  await admin.unsafe('drop database if exists cascad_template with (force)')
  await admin.unsafe('create database cascad_template')
  await admin.end()
  const url = new URL(server)
  url.pathname = '/cascad_template'
  await migrate(url.href)
}

async function run(): Promise<number> {
  const files = process.argv.slice(2).filter((arg) => !arg.startsWith('-'))
  const flags = process.argv.slice(2).filter((arg) => arg.startsWith('-'))
  const folder = mkdtempSync(join(tmpdir(), 'cascad-test-'))
  // PostgreSQL refuses to run as root; the user it runs as must be able to enter the folder.
  chmodSync(folder, 0o755)
  // A test database is thrown away: it may lose the last second, which makes cloning the template faster.
  const server = await startEmbedded({ folder, settings: { fsync: 'off', synchronous_commit: 'off', max_connections: '300' }, log: () => {} })
  try {
    await templateUrl(server.url)
    const chosen = files.length > 0 ? files : patterns.flatMap((pattern) => globSync(pattern)).filter((file) => !file.includes('node_modules')).sort()
    const child = spawn(process.execPath, ['--test', '--test-concurrency=2', ...flags, ...chosen], {
      stdio: 'inherit',
      env: { ...process.env, CASCAD_TEST_DATABASE_URL: server.url },
    })
    return await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

process.exitCode = await run()
