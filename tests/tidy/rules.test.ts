import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allSources, isTest, placesOf, type Source, target, told } from './sources.ts'

const sources = allSources().filter((source) => !isTest(source.path))
const packages = ['ipaddr.js', '@cascad/money']

/** The rules and all that they import to run. */
function withImports(start: readonly Source[]): Source[] {
  const found = new Set(start)
  for (const source of found) {
    for (const line of source.imports.filter((one) => !one.type_only)) {
      const other = sources.find(({ path }) => path === target(source, line.from))
      if (other) found.add(other)
    }
  }
  return [...found]
}

const pure = withImports(
  sources.filter(
    (source) => /^apps\/server\/src\/[^/]+\/rules\//.test(source.path) || source.path.startsWith('packages/money/src/'),
  ),
)

test('rules have no clock, no randomness, no input or output and no await', () => {
  const impure = [
    /['"]node:[a-z/]+['"]/,
    /\bDate\.now\b/,
    /\bnew Date\(\s*\)/,
    /\bMath\.random\b/,
    /\bcrypto\b\s*\./,
    /\bawait\b/,
    /\basync\b/,
    /\bprocess\s*\./,
    /\bfetch\(/,
    /\bset(Timeout|Interval|Immediate)\b/,
    /\bperformance\s*\./,
    /\bconsole\s*\./,
    /\bglobalThis\b/,
  ]
  assert.ok(pure.length > 0, 'no rules were found: the folders have moved')
  const wrong = pure.flatMap((source) => impure.flatMap((pattern) => placesOf(source, pattern)))
  assert.deepEqual(wrong, [], told(wrong, 'hand the time, the random draw or the answer in as an argument'))
})

test('rules bring in no other packages than pure ones', () => {
  const wrong = pure.flatMap((source) =>
    source.imports
      .filter((line) => !line.type_only && !line.from.startsWith('.') && !packages.includes(line.from))
      .map((line) => `${source.path}:${line.line}: ${line.from}`),
  )
  assert.deepEqual(wrong, [], told(wrong, 'import the type only, or hand in what the package computes'))
})

test('money is never a float', () => {
  const floats = [/\bparseFloat\b/, /\.toFixed\(/, /\bNumber\([a-zA-Z_.]*([aA]mount|[mM]inor)/]
  const wrong = sources
    .filter((source) => /^(apps|packages|connectors)\//.test(source.path))
    .flatMap((source) => floats.flatMap((pattern) => placesOf(source, pattern)))
  assert.deepEqual(wrong, [], told(wrong, 'amounts are bigint minor units; text becomes one through packages/money'))
})
