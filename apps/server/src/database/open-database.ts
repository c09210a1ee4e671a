/** The database for a command beside the server: DATABASE_URL, or that of the data folder, running or not. */
import { existsSync } from 'node:fs'
import type { Config } from '../config.ts'
import { StartProblem } from '../start-problem.ts'
import { startEmbedded } from './embedded.ts'
import { findEmbedded } from './find-embedded.ts'

export type OpenDatabase = { readonly url: string; readonly close: () => Promise<void> }

/** Throws StartProblem when there is none. An embedded PostgreSQL that was not running is stopped again by `close`. */
export async function openDatabase(config: Config, log: (line: string) => void): Promise<OpenDatabase> {
  const url = config.database_url ?? findEmbedded(config.data_dir)
  if (url !== null) return { url, close: async () => {} }
  if (!existsSync(config.data_dir)) {
    throw new StartProblem(
      `There is no database: ${config.data_dir} does not exist. Set DATABASE_URL, or CASCAD_DATA_DIR to the data folder of a Cascad.`,
    )
  }
  const server = await startEmbedded({ folder: config.data_dir, log })
  return { url: server.url, close: server.stop }
}
