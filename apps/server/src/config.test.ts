import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'

test('private addresses are called in the demo, and elsewhere only where the installation says so', () => {
  const production = {
    CASCAD_MODE: 'production',
    DATABASE_URL: 'postgres://cascad@db/cascad',
    CASCAD_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    CASCAD_PUBLIC_URL: 'https://pay.example.com',
  }
  assert.equal(readConfig({}).allow_private_targets, true)
  assert.equal(readConfig(production).allow_private_targets, false)
  assert.equal(readConfig({ ...production, CASCAD_PRIVATE_TARGETS: 'on' }).allow_private_targets, true)
  assert.throws(() => readConfig({ CASCAD_PRIVATE_TARGETS: 'yes' }), /use one of on, off/)
})
