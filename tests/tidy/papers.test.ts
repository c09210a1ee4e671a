import assert from 'node:assert/strict'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readConfig } from '../../apps/server/src/config.ts'
import { told } from './sources.ts'

const papers = ['README.md', 'ARCHITECTURE.md', 'GLOSSARY.md', 'CONTRIBUTING.md']
const texts = papers.map((name) => ({ name, text: readFileSync(name, 'utf8') }))
const files = globSync('{apps,packages,connectors,tests,scripts}/**/*.{ts,sql}', { exclude: ['**/node_modules'] })

test('every file that a paper names is there', () => {
  const wrong = texts.flatMap(({ name, text }) =>
    [...text.matchAll(/(?<![\w<>/.-])[a-z][\w/-]*\.(?:test\.|e2e\.test\.)?(?:ts|sql)\b/g)]
      .map(([path]) => path)
      .filter((path) => !files.some((file) => file === path || file.endsWith(`/${path}`)))
      .map((path) => `${name}: ${path}`),
  )
  assert.deepEqual(wrong, [], told(wrong, 'correct the paper: the file has moved or never was'))
})

test('decisions are numbered without gaps, and their titles say the number', () => {
  const names = readdirSync('decisions').sort()
  const wrong = names.filter((name, index) => {
    const number = String(index + 1).padStart(4, '0')
    return !name.startsWith(`${number}-`) || !readFileSync(`decisions/${name}`, 'utf8').startsWith(`# ${number}: `)
  })
  assert.deepEqual(wrong, [], told(wrong, 'give each decision the next number, in its name and in its title'))
})

test('every chore that a paper names is there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const wrong = texts.flatMap(({ name, text }) =>
    [...text.matchAll(/npm run ([a-z:]+(?:-[a-z]+)*)/g)]
      .filter(([, script]) => scripts[script as string] === undefined)
      .map(([command]) => `${name}: ${command}`),
  )
  assert.deepEqual(wrong, [], told(wrong, 'correct the paper, or add the chore to package.json'))
})

test('the README lists every setting, and no other', () => {
  const readme = texts[0]?.text ?? ''
  const read = new Set<string>()
  const asked = (_: unknown, name: string | symbol): undefined => {
    read.add(String(name))
  }
  readConfig(new Proxy<Record<string, undefined>>({}, { get: asked }))
  const named = new Set([...readme.matchAll(/`(CASCAD_[A-Z_]+|DATABASE_URL|HOST|PORT)`/g)].map(([, name]) => name))
  assert.deepEqual([...named].sort(), [...read].sort())
})

test('the defaults of the README are those of the program', () => {
  const { host, port, simulators_port, database_connections, callback_interval_ms, log_level, mode, role } = readConfig(
    {},
  )
  const production = readConfig({
    CASCAD_MODE: 'production',
    CASCAD_SECRET_KEY: Buffer.alloc(32).toString('base64'),
    CASCAD_PUBLIC_URL: 'https://pay.example.com',
    DATABASE_URL: 'postgres://user@host/name',
  })
  const rows = [
    `| \`CASCAD_MODE\` | \`${mode}\` |`,
    `| \`CASCAD_ROLE\` | \`${role}\` |`,
    `| \`HOST\`, \`PORT\` | \`${host}\`, \`${port}\` |`,
    `| \`CASCAD_DATABASE_CONNECTIONS\` | \`${database_connections}\` |`,
    `| \`CASCAD_SIMULATORS_PORT\` | \`PORT\` + ${simulators_port - port} |`,
    `| \`CASCAD_CALLBACK_INTERVAL_MS\` | \`${callback_interval_ms}\` in the demo, else \`${production.callback_interval_ms}\` |`,
    `| \`CASCAD_LOG\` | \`${log_level}\` |`,
  ]
  const missing = rows.filter((row) => !texts[0]?.text.includes(row))
  assert.deepEqual(missing, [], told(missing, 'the table of settings in README.md must say so'))
})
