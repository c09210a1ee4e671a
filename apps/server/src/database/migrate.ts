/** Brings a database to the newest migration. Several processes may start at once: node-pg-migrate takes an advisory lock. */
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'

/** Runs every migration not yet run, each in a transaction of its own; returns their names. */
export async function migrate(url: string, log: (line: string) => void = () => {}): Promise<string[]> {
  const done = await runner({
    databaseUrl: url,
    dir: fileURLToPath(new URL('../../migrations', import.meta.url)),
    direction: 'up',
    migrationsTable: 'migrations',
    checkOrder: true,
    verbose: false,
    advisoryLockKey: 4_217_001,
    log: () => {},
  } as Parameters<typeof runner>[0])
  for (const { name } of done) log(`migration ${name}`)
  return done.map(({ name }) => name)
}
