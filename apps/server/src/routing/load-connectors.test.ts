import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConnectorFaults, checkConnector, loadConnectors } from './load-connectors.ts'

const sound = {
  id: 'bank',
  title: 'Bank',
  can: { methods: ['payment_card'], currencies: 'all', operations: ['charge'] },
  credentials: { type: 'object', properties: {} },
  charge: () => Promise.resolve({ type: 'pending', provider_reference: null }),
}

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'connectors-'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

const source = (id: string, name: string): string =>
  `const connector = { id: '${id}', title: 'X', can: { methods: ['payment_card'], currencies: 'all', operations: ['charge'] },
    credentials: { type: 'object' }, charge: async () => ({ type: 'pending', provider_reference: null }) }
   export ${name === 'default' ? 'default connector' : '{ connector }'}`

test('every folder with an index.ts is a connector, by default or by name', async (t) => {
  const folder = await folderWith({
    'one/index.ts': source('one', 'default'),
    'two/index.ts': source('two', 'connector'),
    'unfinished/notes.txt': '',
    '_template/index.ts': 'throw new Error("a template is not imported")',
    'README.md': '',
  })
  t.after(() => rm(folder, { recursive: true }))
  const connectors = await loadConnectors(folder)
  assert.deepEqual([...connectors.keys()], ['one', 'two'])
  assert.equal(connectors.get('two')?.id, 'two')
})

test('all faults of all connectors are named at once', async (t) => {
  const folder = await folderWith({
    'one/index.ts': source('uno', 'default'),
    'three/index.ts': 'export const nothing = 1',
    'two/index.ts': 'throw new Error("no such thing")',
  })
  t.after(() => rm(folder, { recursive: true }))
  await assert.rejects(loadConnectors(folder), (error) => {
    assert.ok(error instanceof ConnectorFaults)
    assert.deepEqual(error.faults, [
      'connectors/one/index.ts: id is "uno", it must be the folder\'s name "one".',
      'connectors/three/index.ts: exports no connector; export one as `default` or as `connector`.',
      'connectors/two/index.ts could not be imported: no such thing',
    ])
    return true
  })
})

test('a missing folder is named', async () => {
  await assert.rejects(loadConnectors('/nonexistent/connectors'), /\/nonexistent\/connectors cannot be read/)
})

test('a sound connector has no mistakes', () => {
  assert.deepEqual(checkConnector(sound, 'bank'), [])
})

const cases: [string, unknown, RegExp][] = [
  ['no title', { ...sound, title: ' ' }, /title is missing/],
  ['no charge', { ...sound, charge: undefined }, /operation charge is missing/],
  ['an operation that is no function', { ...sound, status: true }, /status is not a function/],
  ['credentials that are no object schema', { ...sound, credentials: { type: 'string' } }, /TypeBox object schema/],
  ['no capabilities', { ...sound, can: undefined }, /can \(the capabilities\) is missing/],
  ['no methods', { ...sound, can: { ...sound.can, methods: [] } }, /can\.methods/],
  ['currencies that are no list', { ...sound, can: { ...sound.can, currencies: 'USD' } }, /can\.currencies/],
  ['an unknown operation', { ...sound, can: { ...sound.can, operations: ['capture'] } }, /can\.operations/],
  [
    'a look-up without status',
    { ...sound, can: { ...sound.can, lookup_by_reference: true } },
    /operation status is missing/,
  ],
  ['refunds without refund', { ...sound, can: { ...sound.can, partial_refund: true } }, /operation refund is missing/],
  ['notifications without readEvent', { ...sound, can: { ...sound.can, notifications: true } }, /readEvent is missing/],
  ['half seconds', { ...sound, can: { ...sound.can, settle_delay_s: 0.5 } }, /settle_delay_s/],
]
for (const [name, value, message] of cases) {
  test(`a connector with ${name} is refused`, () => {
    const mistakes = checkConnector(value, 'bank')
    assert.equal(mistakes.length, 1)
    assert.match(mistakes[0] ?? '', message)
  })
}

test('a folder name that is no id is refused', () => {
  assert.match(checkConnector({ ...sound, id: 'Bank 1' }, 'Bank 1').join(), /lower case letters/)
})
