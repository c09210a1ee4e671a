import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { allSources, type Import, isTest, moduleOf, placesOf, type Source, target, told } from './sources.ts'

/** From the top of the server to its ground: a module may import its own level and those below. */
const levels = [
  ['main', 'start', 'route-modules', 'faces', 'start-work'],
  ['demo'],
  ['checkout', 'card-api', 'provider-events', 'provider-api', 'dashboard'],
  ['requisites', 'appeals'],
  ['payments', 'payouts'],
  ['cascades'],
  ['routing', 'ledger', 'callbacks', 'mail', 'directory', 'accounts'],
  ['http', 'jobs', 'database'],
  ['context', 'config', 'events', 'ids', 'start-problem'],
]

/** Why each of these goes against a rule is said here, and nowhere else may. */
const exceptions: readonly { readonly from: RegExp; readonly to: RegExp; readonly why: string }[] = [
  { from: /\/http\//, to: /\/accounts\/(account|find-account)\.ts$/, why: 'a route knows its caller before it runs' },
  { from: /\/src\/context\.ts$/, to: /./, why: 'the wiring reaches down to everything it opens' },
]

const sources = allSources()
const server = sources.filter((source) => moduleOf(source.path) !== null)
const product = server.filter((source) => !isTest(source.path))

function levelOf(path: string): number {
  const name = moduleOf(path)
  return levels.findIndex((level) => name !== null && level.includes(name))
}

function eachImport(from: readonly Source[], keep: (source: Source, line: Import, path: string) => boolean): string[] {
  return from.flatMap((source) =>
    source.imports
      .filter((line) => line.from.startsWith('.'))
      .filter((line) => keep(source, line, target(source, line.from)))
      .map((line) => `${source.path}:${line.line}: ${line.from}`),
  )
}

const isExcepted = (source: Source, path: string): boolean =>
  exceptions.some((exception) => exception.from.test(source.path) && exception.to.test(path))

test('every module of the server has a level', () => {
  const unknown = [
    ...new Set(product.filter((source) => levelOf(source.path) < 0).map((source) => moduleOf(source.path) as string)),
  ]
  assert.deepEqual(
    unknown,
    [],
    told(unknown, 'give the new module its level in tests/tidy/imports.test.ts and in ARCHITECTURE.md'),
  )
})

test('imports of the server point one way', () => {
  const wrong = eachImport(product, (source, line, path) => {
    if (levelOf(path) < 0 || isExcepted(source, path)) return false
    if (line.type_only && moduleOf(path) === 'context') return false
    return levelOf(path) < levelOf(source.path)
  })
  assert.deepEqual(
    wrong,
    [],
    told(wrong, 'move the code down, or let the upper module hand in what the lower one needs'),
  )
})

test('no two modules of the server import each other', () => {
  const edges = new Map<string, Set<string>>()
  for (const source of product) {
    const from = moduleOf(source.path) as string
    for (const line of source.imports) {
      const path = target(source, line.from)
      const to = line.from.startsWith('.') && !line.type_only && !isExcepted(source, path) ? moduleOf(path) : null
      if (to && to !== from) edges.set(from, (edges.get(from) ?? new Set()).add(to))
    }
  }
  const wrong = [...edges].flatMap(([from, all]) =>
    [...all].filter((to) => from < to && edges.get(to)?.has(from)).map((to) => `${from} ↔ ${to}`),
  )
  assert.deepEqual(wrong, [], told(wrong, 'one of the two knows too much: move the shared noun below both'))
})

test("a module never touches another module's table", () => {
  const wrong = eachImport(
    product,
    (source, _line, path) => /\/([a-z-]+-)?table\.ts$/.test(path) && moduleOf(path) !== moduleOf(source.path),
  )
  assert.deepEqual(wrong, [], told(wrong, 'call a use case or a find function of that module instead of its table.ts'))
})

test('connectors, packages and simulators never import the server', () => {
  const outside = sources.filter(
    (source) => /^(connectors|packages|apps\/simulators)\//.test(source.path) && !isTest(source.path),
  )
  const wrong = eachImport(outside, (_source, _line, path) => path.startsWith('apps/server/'))
  assert.deepEqual(wrong, [], told(wrong, 'what both need belongs in packages/'))
})

test('a connector imports only its own folder and the packages', () => {
  const connectors = sources.filter((source) => source.path.startsWith('connectors/') && !isTest(source.path))
  const wrong = eachImport(connectors, (source, _line, path) => {
    const own = source.path.split('/').slice(0, 2).join('/')
    return !path.startsWith(`${own}/`) && !path.startsWith('packages/')
  })
  assert.deepEqual(
    wrong,
    [],
    told(
      wrong,
      'a connector stands alone: copy three lines rather than share them, or move them to packages/connector',
    ),
  )
})

test('the server never names a connector', () => {
  const ids = readdirSync('connectors', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  // Some ids are plain words as well ('test' mode): what counts is a comparison or a choice.
  const named = ids.map(
    (id) => new RegExp(`\\bconnectors?\\w*(\\.id|\\.get\\()?\\s*([!=]==|:|\\()?\\s*'${id}'|connectors/${id}/`),
  )
  const asked = product.filter((source) => moduleOf(source.path) !== 'demo')
  const wrong = asked.flatMap((source) => named.flatMap((pattern) => placesOf(source, pattern)))
  assert.deepEqual(wrong, [], told(wrong, 'let the connector declare what it can, as data, and ask for that'))
})

test('components are written in the dashboard only, and it knows the server by types alone', () => {
  const outside = sources.filter(({ path }) => path.endsWith('.tsx') && !path.startsWith('apps/dashboard/src/'))
  assert.deepEqual(
    outside.map(({ path }) => path),
    [],
    'pages for payers are plain HTML: only apps/dashboard has components',
  )
  const dashboard = sources.filter((source) => source.path.startsWith('apps/dashboard/src/') && !isTest(source.path))
  assert.ok(dashboard.length > 0, 'the dashboard was not found: the folder has moved')
  const wrong = eachImport(
    dashboard,
    (_source, line, path) =>
      !path.startsWith('apps/dashboard/src/') && !(line.type_only && /documents\.ts$/.test(path)),
  )
  assert.deepEqual(
    wrong,
    [],
    told(wrong, "import the types of the API's documents, and nothing that would be built in"),
  )
})

test('import paths name the file with its ending', () => {
  const wrong = eachImport(sources, (_source, line) => !/\.(ts|tsx|json|css|js|mjs)$/.test(line.from))
  assert.deepEqual(wrong, [], told(wrong, 'write the whole path with .ts: Node runs these files as they stand'))
})

test('no file only passes on the exports of others', () => {
  const wrong = sources
    .filter(
      (source) =>
        source.imports.length > 0 &&
        source.code.replace(/export\s+(type\s+)?[*{][^'"]*from\s*['"][^'"]+['"];?/g, '').trim() === '',
    )
    .map((source) => source.path)
  assert.deepEqual(wrong, [], told(wrong, 'import from the file that has the thing'))
})
