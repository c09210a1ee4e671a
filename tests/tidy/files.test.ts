import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { allSources, placesOf, told } from './sources.ts'

const sources = allSources()
const lines_max = 350

/** Files that are in the repository or about to be. */
function ours(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  return listed.split('\n').filter((path) => path !== '' && existsSync(path))
}

test('a file fits in the head', () => {
  const long = sources
    .map((source) => ({ path: source.path, lines: source.text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > lines_max)
    .map(({ path, lines }) => `${path}: ${lines} lines`)
  assert.deepEqual(long, [], told(long, `more than ${lines_max} lines ask to be split by noun`))
})

test('there are no drawers', () => {
  const drawers = ours()
    .filter((path) =>
      /(^|\/)(utils?|helpers?|common|misc|shared|services?|managers?|core|lib)(\/|\.[a-z]+$)/.test(path),
    )
    // A service is a word of the field here: a payment method in a currency, see GLOSSARY.md.
    .filter((path) => path !== 'apps/server/src/directory/service.ts')
    .filter((path) => !/^apps\/server\/src\/directory\/starter\/services\.ts$/.test(path))
  assert.deepEqual(drawers, [], told(drawers, 'name the thing that is in it'))
})

test('file names are kebab-case', () => {
  const wrong = sources
    .map(({ path }) => path)
    .filter((path) => !/^([a-z0-9-]+\/)*[a-z0-9-]+(\.[a-z0-9-]+)*\.tsx?$/.test(path))
  assert.deepEqual(wrong, [], told(wrong, 'use small letters and hyphens, a verb and a noun for a use case'))
})

test('nothing is left for later and no test is switched off', () => {
  const later = /\b(TO(?=DO)DO|FIX(?=ME)ME|HA(?=CK)CK)\b/
  const off = /\b(test|it|describe)\.(skip|todo|only)\b|\{\s*(skip|todo|only):\s*true/
  const wrong = sources
    .filter((source) => source.path !== 'tests/tidy/files.test.ts')
    .flatMap((source) => [
      ...source.text
        .split('\n')
        .flatMap((line, index) => (later.test(line) ? [`${source.path}:${index + 1}: ${line.trim()}`] : [])),
      ...placesOf(source, off),
    ])
  assert.deepEqual(wrong, [], told(wrong, 'do it now, or write an issue'))
})

test('no file names a folder of one machine', () => {
  const wrong = ours()
    .filter((path) => /\.(ts|tsx|sql|md|json|mjs|sh|html|css)$|^\.ci\//.test(path) && path !== 'package-lock.json')
    .filter((path) => path !== 'tests/tidy/files.test.ts')
    .flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          /(^|[^a-z.])\/(work|root|Users)\//.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
        ),
    )
  assert.deepEqual(wrong, [], told(wrong, 'write paths from the root of the repository'))
})

test('migrations are numbered without gaps and named verb first', () => {
  const names = readdirSync('apps/server/migrations').sort()
  const expected = names.map((name, index) => {
    const number = String(index + 1).padStart(4, '0')
    return /^\d{4}_(create|add|drop|alter|rename|index|allow|require|move|fill|split)_[a-z0-9_]+\.sql$/.test(name)
      ? `${number}${name.slice(4)}`
      : `${number}_<verb>_<noun>.sql`
  })
  assert.deepEqual(
    names,
    expected,
    'give the new migration the next number and a name such as 0012_add_country_to_customers.sql',
  )
})
