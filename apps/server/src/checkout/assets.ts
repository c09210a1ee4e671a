/** The one script and the one style sheet of the pages, under names that change with their content. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export type Asset = { readonly path: string; readonly type: string; readonly body: string }

function load(name: string, ending: string, type: string): Asset {
  const body = readFileSync(new URL(`./assets/${name}.${ending}`, import.meta.url), 'utf8')
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12)
  return { path: `/hpp/assets/${name}.${hash}.${ending}`, type, body }
}

export const script = load('checkout', 'js', 'text/javascript; charset=utf-8')
export const styles = load('checkout', 'css', 'text/css; charset=utf-8')
