import type { Config } from '../config.ts'
import { startEmbedded } from '../database/embedded.ts'
import { checkDatabase } from './check-database.ts'
import { say, step } from './say.ts'

export type OpenDatabase = {
  readonly url: string
  readonly stop: () => Promise<void>
  readonly kill: () => void
  /** Resolves with a sentence when it ends without having been stopped; never for a server of the user's. */
  readonly died: Promise<string>
}

/** The server that DATABASE_URL names, checked; without it the embedded one, started. */
export async function openDatabase(config: Config): Promise<OpenDatabase> {
  const { database_url } = config
  if (database_url === null) {
    return step('Starting PostgreSQL', () => startEmbedded({ folder: config.data_dir, log: say }))
  }
  await step('Reaching the database', () => checkDatabase(database_url))
  return { url: database_url, stop: async () => {}, kill: () => {}, died: new Promise(() => {}) }
}
