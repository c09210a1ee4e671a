import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectedOf, whole_minor } from './expect.ts'
import { allRows, shortRows, textOf } from './row.ts'
import { steps, troubles } from './trouble.ts'

const rows = allRows()

test('every trouble is tried on both faces, where both have the step', () => {
  for (const step of steps) {
    for (const { name } of troubles[step]) {
      const faces = new Set(
        rows.filter((row) => row.step === step && row.trouble.name === name).map(({ face }) => face),
      )
      assert.ok(faces.has('card v2') || faces.has('card v3'), `${step}: ${name}`)
      assert.equal(faces.has('invoice'), step !== 'capture' && step !== 'void', `${step}: ${name}`)
    }
  }
  assert.equal(new Set(rows.map(textOf)).size, rows.length, 'no row twice')
})

test('nobody is expected to keep more than the payment, or to win without being asked', () => {
  for (const row of rows) {
    const { winner, asked, kept_minor, statuses } = expectedOf(row)
    assert.ok(kept_minor >= 0n && kept_minor <= whole_minor, textOf(row))
    if (winner === null) assert.equal(kept_minor, 0n, textOf(row))
    else assert.equal(asked.at(-1), winner, textOf(row))
    const ends_well = row.face === 'invoice' ? !statuses.includes('process_failed') : statuses.at(-1) === 'successful'
    assert.equal(ends_well, winner !== null, textOf(row))
  }
})

test('the payer who has acted, and money that may be taken, lead to no other gateway', () => {
  for (const row of rows.filter(({ trouble }) => trouble.payer || trouble.truth === 'taken')) {
    const { asked } = expectedOf(row)
    assert.equal(asked.length, row.step === 'second charge' ? 2 : 1, textOf(row))
  }
})

test('the short list has every step', () => {
  assert.deepEqual([...new Set(shortRows().map(({ step }) => step))], [...steps])
})
