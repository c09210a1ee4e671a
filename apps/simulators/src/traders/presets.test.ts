import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDesk, ordinaryDesk } from './desk.ts'
import { deskPresets, presetOf } from './presets.ts'
import { readStep } from './step.ts'

test('every preset is of known steps and has a name of its own', () => {
  for (const { name, steps } of deskPresets) for (const step of steps) assert.ok(readStep(step), `${name}: ${step}`)
  assert.equal(new Set(deskPresets.map(({ name }) => name)).size, deskPresets.length)
})

test('a desk is in a preset only when every payment follows it for good', () => {
  const desk = createDesk('volga', { api_key: 'k', ...ordinaryDesk }, 1)
  const presetName = () => presetOf(desk)?.name ?? null
  const script = { match: {}, steps: ['issue_never'], repeat: null, used: 0 }
  assert.equal(presetName(), 'by_amount')
  desk.scripts.push(script)
  assert.equal(presetName(), 'never')
  for (const other of [
    { ...script, repeat: 3 },
    { ...script, match: { method: 'card' as const } },
    { ...script, steps: ['issue_never', 'issue'] },
    { ...script, steps: ['issue'] },
  ]) {
    desk.scripts.splice(0, 1, other)
    assert.equal(presetName(), null)
  }
  desk.scripts.splice(0, 1, script, script)
  assert.equal(presetName(), null)
})
