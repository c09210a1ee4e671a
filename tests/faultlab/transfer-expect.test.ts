import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked_minor, expectedTransfer, readCreate, readGet, settled_minor } from './transfer-expect.ts'
import { allTransfers, shortTransfers, textOfTransfer } from './transfer-row.ts'
import { transferSteps, transferTroubles } from './transfer-trouble.ts'

const rows = allTransfers()

test('every event meets every misbehaviour of a line, and no row comes twice', () => {
  const early = ['nobody listens', 'silent before', 'silent after', 'cut before', 'cut after', 'cut in its answer']
  const answered = [
    '500 before',
    '500 after',
    '302',
    'broken JSON',
    'empty',
    'huge',
    'page',
    '401',
    '403 page',
    '404 object',
    '429',
  ]
  const lines = [...early, ...answered]
  for (const step of transferSteps) {
    const names = new Set(transferTroubles[step].map(({ name }) => name))
    for (const name of lines) assert.ok(names.has(name), `${step}: ${name}`)
  }
  assert.equal(new Set(rows.map(textOfTransfer)).size, rows.length)
})

test('nobody is expected to take more than one price, and money that is taken is somebody’s', () => {
  for (const row of rows) {
    const { debited, processed_minor, cases, states, attempts, told } = expectedTransfer(row)
    const text = textOfTransfer(row)
    assert.deepEqual([debited.length, attempts.length], [states.length, states.length], text)
    for (const [i, state] of states.entries()) assert.equal(debited[i], state === 'success' ? settled_minor : 0n, text)
    assert.ok(processed_minor === null || processed_minor === asked_minor, text)
    const taken = debited.filter((minor) => minor > 0n).length
    const explained = cases.filter((kind) => kind === 'double_success' || kind === 'late_success').length
    assert.equal(taken, (processed_minor === null ? 0 : 1) + explained, text)
    assert.equal(told.at(-1), processed_minor !== null ? 'processed' : told.at(-1), text)
    assert.equal(told[0], 'process_pending', text)
  }
})

test('a refusal is no failure, and what nobody knows is no refusal', () => {
  for (const { trouble, step } of rows.filter((row) => row.step === 'create')) {
    const { state, health, orphan } = readCreate(trouble.shape)
    if (state === 'refused' || state === 'issued') assert.notEqual(health, 'failure', `${step} ${trouble.name}`)
    else assert.equal(health, 'failure', `${step} ${trouble.name}`)
    if (orphan) assert.ok(trouble.arrives, `${step} ${trouble.name}: an order that nobody made`)
  }
})

test('no answer to a question ends a payment but the words success and failed', () => {
  for (const row of rows.filter(({ step }) => step === 'get')) {
    if (readGet(row.trouble.shape) === 'word' || row.trouble.short) continue
    assert.deepEqual(expectedTransfer(row).attempts, ['expired'], textOfTransfer(row))
  }
})

test('the short list has every event and the whole table of the creation', () => {
  const short = shortTransfers()
  assert.deepEqual([...new Set(short.map(({ step }) => step))], [...transferSteps])
  assert.equal(short.filter(({ step }) => step === 'create').length, transferTroubles.create.length)
})
