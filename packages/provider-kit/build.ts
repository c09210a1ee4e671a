/**
 * `node build.ts <folder>`: the package as others install it, plain JavaScript with types for Node 20 and newer. Inside this
 * repository the sources run as they are; Node runs no TypeScript below `node_modules`.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

type Manifest = { readonly name: string; readonly version: string; readonly exports: Readonly<Record<string, string>> }

const own = import.meta.dirname
const [, , folder] = process.argv
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

if (folder === undefined) {
  process.stderr.write('Name a folder outside the repository: node build.ts <folder>\n')
  process.exit(2)
}
const target = resolve(folder)
mkdirSync(target, { recursive: true })
execFileSync(process.execPath, [compiler, '-p', join(own, 'tsconfig.build.json'), '--outDir', target], {
  stdio: 'inherit',
})
const { name, version, exports } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as Manifest
const compiled = Object.entries(exports).map(([path, source]) => {
  const file = source.replace('./src/', './').replace(/\.ts$/, '')
  return [path, { types: `${file}.d.ts`, default: `${file}.js` }]
})
const manifest = { name, version, type: 'module', engines: { node: '>=20' }, exports: Object.fromEntries(compiled) }
writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
copyFileSync(join(own, 'README.md'), join(target, 'README.md'))
