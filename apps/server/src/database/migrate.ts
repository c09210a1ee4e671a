/** Brings a database to the newest migration. Several processes may start at once: an advisory lock makes the others wait. */
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

/** Any number, the same in every process. */
const lock_value = 4_217_001

/** Runs every migration not yet run, each in a transaction of its own; returns their names. */
export async function migrate(url: string, log: (line: string) => void = () => {}): Promise<string[]> {
  const done = await runner({
    databaseUrl: url,
    dir: migrationsFolder,
    direction: 'up',
    migrationsTable: 'migrations',
    checkOrder: true,
    verbose: false,
    lockValue: lock_value,
    advisoryLockMode: 'wait',
    log: () => {},
  })
  for (const { name } of done) log(`migration ${name}`)
  return done.map(({ name }) => name)
}
