/** The built dashboard as it is served: names known, contents read and packed when they are first asked for. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type DashboardFolder, hashFile } from './dashboard-folder.ts'

export type BuiltFile = { readonly type: string; readonly body: Buffer; readonly gzip: Buffer }

export type BuiltDashboard = {
  /** With `nonceMark` where the nonce of a page belongs. */
  readonly page: string
  /** A file below `dist/`, such as `assets/index-3fa9.js`; `null` = there is none. */
  readonly find: (path: string) => Promise<BuiltFile> | null
}

/** As in apps/dashboard/vite.config.ts. */
export const nonceMark = 'nonce-of-the-page'

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const pack = promisify(gzip)

async function load(path: string, type: string): Promise<BuiltFile> {
  const body = await readFile(path)
  return { type, body, gzip: await pack(body, { level: 9 }) }
}

function read(folder: DashboardFolder): BuiltDashboard {
  const page = readFileSync(join(folder.dist, 'index.html'), 'utf8')
  const found = new Map<string, Promise<BuiltFile>>()
  const names = new Set(
    readdirSync(folder.dist, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/')),
  )
  return {
    page,
    find(name) {
      const type = types[extname(name)]
      if (type === undefined || !names.has(name)) return null
      const loaded = found.get(name) ?? load(join(folder.dist, name), type)
      found.set(name, loaded)
      loaded.catch(() => found.delete(name))
      return loaded
    },
  }
}

/** Reads the folder again whenever it was built anew; the function answers `null` while there is nothing built. */
export function watchBuilt(folder: DashboardFolder): () => BuiltDashboard | null {
  let known: { readonly at: number; readonly built: BuiltDashboard } | null = null
  return () => {
    try {
      const at = statSync(join(folder.dist, hashFile)).mtimeMs
      if (known?.at !== at) known = { at, built: read(folder) }
      return known.built
    } catch {
      return null
    }
  }
}
