/** Builds the dashboard aside and puts it in its place by a rename, so that nobody is served half of it. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { codeOf } from '../start-problem.ts'
import { buildAge, type DashboardFolder, hashFile, hashSources } from './dashboard-folder.ts'

/**
 * Does nothing when what is built belongs to the sources. Several processes may ask at once: each builds for itself, and the
 * first one is kept. Throws what Vite says when the sources cannot be built; what was built before stays.
 */
export async function buildDashboard(folder: DashboardFolder): Promise<'built' | 'current'> {
  if (buildAge(folder) === 'current') return 'current'
  const hash = hashSources(folder)
  const part = `${folder.dist}-${process.pid}`
  const old = `${part}-old`
  try {
    await build({
      root: folder.root,
      configFile: join(folder.root, 'vite.config.ts'),
      configLoader: 'native',
      logLevel: 'error',
      build: { outDir: part },
    })
    writeFileSync(join(part, hashFile), hash)
    if (buildAge(folder) === 'current') return 'current'
    mkdirSync(folder.dist, { recursive: true })
    replace(folder.dist, part, old)
    return 'built'
  } finally {
    for (const path of [part, old]) rmSync(path, { recursive: true, force: true })
  }
}

/** Between the two renames the folder is missing for an instant; another process may be doing the same. */
function replace(place: string, with_folder: string, old: string): void {
  try {
    renameSync(place, old)
    renameSync(with_folder, place)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTEMPTY') throw error
  }
}
