/** The program text as the tidy tests read it: paths, code without comments, import lines. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export type Import = {
  readonly line: number
  readonly names: string
  readonly from: string
  readonly type_only: boolean
}

export type Source = {
  /** From the root of the repository, with `/`. */
  readonly path: string
  readonly text: string
  /** The text with comments blanked out; line numbers stay. */
  readonly code: string
  readonly imports: readonly Import[]
}

const folders = ['apps', 'packages', 'connectors', 'tests', 'scripts']

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

/** Good enough for our own formatted code: strings and regular expressions that hold `//` are left alone. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/(^|[\s;{}(,])(\/\/[^\n]*)/g, (_, before, comment) => before + blank(comment))
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

function importsOf(code: string): Import[] {
  const found: Import[] = []
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([\w*{][^'"`;]*?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
  for (const match of code.matchAll(pattern)) {
    const names = (match[2] ?? '').replace(/\s+from\s+$/, '').trim()
    const inner = names
      .replace(/^\{|\}$/g, '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)
    const type_only = Boolean(match[1]) || (names.startsWith('{') && inner.every((name) => name.startsWith('type ')))
    found.push({
      line: lineOf(code, match.index + match[0].length),
      names,
      from: match[3] ?? match[4] ?? '',
      type_only,
    })
  }
  return found
}

export function readSource(path: string): Source {
  const text = readFileSync(path, 'utf8')
  const code = withoutComments(text)
  return { path: path.replaceAll('\\', '/'), text, code, imports: importsOf(code) }
}

/** Every TypeScript file of ours. */
export function allSources(): Source[] {
  const paths = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { exclude: ['**/node_modules'] }))
  return paths.sort().map(readSource)
}

/** Tests and the samples they share; a sample lies beside its tests as `sample-<noun>.ts`. */
export const isTest = (path: string): boolean =>
  /\.test\.tsx?$|\/sample-[^/]+\.ts$/.test(path) || path.startsWith('tests/')

/** Where a relative import leads, from the root of the repository. */
export function target(source: Source, from: string): string {
  return normalize(join(dirname(source.path), from)).replaceAll('\\', '/')
}

/** `apps/server/src/payments/x.ts` → `payments`; a file of the server's root folder → its name without `.ts`; else null. */
export function moduleOf(path: string): string | null {
  const match = /^apps\/server\/src\/([^/]+)(\/|$)/.exec(path)
  return match?.[1] ? match[1].replace(/\.ts$/, '') : null
}

/** Every place where the pattern stands in the code, as `path:line`. */
export function placesOf(source: Source, pattern: RegExp): string[] {
  const global = new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`)
  return [...source.code.matchAll(global)].map(
    (match) => `${source.path}:${lineOf(source.code, match.index)}: ${match[0].trim()}`,
  )
}

/** The message of a failed tidy test: where, and what to do. */
export function told(places: readonly string[], remedy: string): string {
  return `\n${places.map((place) => `  ${place}`).join('\n')}\n  → ${remedy}\n`
}
