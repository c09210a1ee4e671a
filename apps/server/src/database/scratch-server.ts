/** An embedded PostgreSQL to throw away: for tests, the schema dump and measurements. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startEmbedded } from './embedded.ts'

export type ScratchServer = { readonly url: string; readonly stop: () => Promise<void> }

/** What is thrown away need not survive a crash, which makes databases quicker to clone. */
const careless = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '300',
}

/** Starts it in a temporary folder; `stop` removes everything. `settings` replaces the careless ones, e.g. for a benchmark. */
export async function startScratchServer(
  log: (line: string) => void,
  settings: Readonly<Record<string, string>> = careless,
): Promise<ScratchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'cascad-scratch-'))
  // PostgreSQL refuses to run as root; the user it runs as must be able to enter the folder.
  chmodSync(folder, 0o711)
  const server = await startEmbedded({ folder, settings, log })
  return {
    url: server.url,
    async stop() {
      await server.stop()
      // The data may be kept elsewhere when the temporary folder is closed to PostgreSQL's user.
      rmSync(dirname(server.data), { recursive: true, force: true })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
