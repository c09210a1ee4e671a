/** The one script and the one style sheet of the pages, under names that change with their content. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export type Asset = { readonly path: string; readonly type: string; readonly body: string }

/** What the script is made of; every part after those it needs while it is being read. */
const parts = [
  'page',
  'field-problem',
  'card-form',
  'receipt',
  'send-once',
  'methods',
  'clock',
  'copy',
  'news',
  'leave',
  'frame',
  'start',
] as const

/**
 * One script out of modules: without the lines that import, the word `export`, and comments on lines of their own. So a payer
 * waits for one file, and each part can still be read, checked and linted by itself.
 */
export function joinModules(modules: readonly string[]): string {
  return modules
    .join('\n')
    .split('\n')
    .filter((line) => !/^import |^\s*(\/\/|\/\*\*.*\*\/$)|^\s*$/.test(line))
    .map((line) => `${line.replace(/^export /, '')}\n`)
    .join('')
}

function readAsset(file: string): string {
  return readFileSync(new URL(`./assets/${file}`, import.meta.url), 'utf8')
}

function load(body: string, ending: string, type: string): Asset {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12)
  return { path: `/hpp/assets/checkout.${hash}.${ending}`, type, body }
}

const modules = parts.map((part) => readAsset(`${part}.js`))

export const script = load(joinModules(modules), 'js', 'text/javascript; charset=utf-8')
export const styles = load(readAsset('checkout.css'), 'css', 'text/css; charset=utf-8')
