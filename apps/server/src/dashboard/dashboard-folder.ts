/** Where the dashboard's sources lie and where it is built to, and whether the two belong together. */
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export type DashboardFolder = {
  readonly root: string
  /** The built files: `index.html`, `assets/`, and `sources.sha256` of what they were built from. */
  readonly dist: string
}

export const dashboardFolder: DashboardFolder = folderAt(fileURLToPath(new URL('../../../dashboard/', import.meta.url)))

export function folderAt(root: string): DashboardFolder {
  return { root, dist: join(root, 'dist') }
}

export const hashFile = 'sources.sha256'

/** Everything that changes what is built: our sources, and by the lock file the versions of the libraries. */
export function hashSources(folder: DashboardFolder): string {
  const own = globSync(['index.html', 'vite.config.ts', 'public/**/*.*', 'src/**/*.*'], { cwd: folder.root })
  const paths = [
    ...own.filter((path) => !path.endsWith('.test.ts')).map((path) => join(folder.root, path)),
    join(folder.root, '../../package-lock.json'),
  ].sort()
  const hash = createHash('sha256')
  for (const path of paths)
    hash
      .update(`${relative(folder.root, path)}\0`)
      .update(readFileSync(path))
      .update('\0')
  return hash.digest('hex')
}

/** `none` = not built; `old` = built from other sources than those that are there. */
export function buildAge(folder: DashboardFolder): 'none' | 'old' | 'current' {
  try {
    return readFileSync(join(folder.dist, hashFile), 'utf8') === hashSources(folder) ? 'current' : 'old'
  } catch {
    return 'none'
  }
}
