/** What may be an endpoint and a key: nothing of our own network, and nothing that could be read on the way. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createSender } from '../http/send.ts'
import { addConnection, check, connectionOf, live, openConnections, save, trial } from './sample-connections.ts'
import { testConnection } from './test-connection.ts'

const { world } = openConnections()

describe('what may be an endpoint', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /must be given/],
    ['provider.example/cascade', /absolute/],
    ['ftp://provider.example/', /absolute/],
    ['https://user:secret@provider.example/', /absolute/],
    ['https://provider.example/#part', /after #/],
    [`https://provider.example/${'a'.repeat(500)}`, /at most 500/],
    ['http://provider.example/cascade', /https/],
  ]
  const refusedOutside: readonly (readonly [string, RegExp])[] = [
    'https://127.0.0.1/',
    'https://localhost/',
    'https://10.1.2.3/',
    'https://192.168.0.1:8443/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[fd00::1]/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://gateway.internal/',
    'https://printer.local/',
  ].map((url) => [url, /public/] as const)

  test('in production: https, public, and no user name', async () => {
    const { ctx } = world()
    const production = { ...ctx, config: { ...ctx.config, mode: 'production', allow_private_targets: false } as const }
    for (const [url, message] of [...refused, ...refusedOutside]) {
      const saved = await save(production, live, { endpoint_url: url })
      assert.ok(saved.type === 'invalid', url)
      assert.match(saved.fields.endpoint_url ?? '', message, url)
    }
    assert.equal(
      (await save(production, live, { endpoint_url: 'https://provider.example:8443/cascade?v=1' })).type,
      'saved',
    )
    const test_mode = { endpoint_url: 'http://provider.example/cascade', api_key: world().volga.api_key }
    assert.equal((await save(production, trial, test_mode)).type, 'saved', 'plain http in test mode')
    assert.equal((await save(production, trial, { endpoint_url: 'http://10.1.2.3/' })).type, 'invalid')
  })

  test('a name that leads to our own network is not called, even when it was saved before', async () => {
    const sender = createSender({ allow_private_targets: false, lookup: async () => ['127.0.0.1'] })
    const guarded = { ...world().ctx, sender }
    const port = new URL(world().neva.endpoint_url).port
    await save(world().ctx, live, {
      endpoint_url: `http://desk.example:${port}/traders/neva/cascade`,
      api_key: world().neva.api_key,
    })
    const result = await check(guarded, live)
    assert.equal(result.passed, false)
    assert.match(result.text, /not_sent.*not public/)
    assert.deepEqual([world().desks.calls('neva').length, result.calls.length], [0, 1])
    const direct = await check(guarded, live, { which: 'current' })
    assert.match(direct.text, /not_sent.*not public/)
    await sender.close()
  })

  test('keys: 16 to 256 visible characters', async () => {
    for (const api_key of [
      '',
      'short',
      'fifteen-letters',
      'with blank in it 123',
      'ключ-из-шестнадцати-знаков',
      'x'.repeat(257),
    ]) {
      const saved = await save(world().ctx, live, { api_key })
      assert.ok(saved.type === 'invalid' && saved.fields.api_key !== undefined, api_key)
    }
    assert.equal((await save(world().ctx, live, { api_key: `  ${'k'.repeat(16)}\n` })).type, 'saved')
    const both = await save(world().ctx, live, { api_key: 'k'.repeat(16), generate_key: true })
    assert.equal(both.type, 'invalid')
  })

  test('a connection without endpoint or key says what is missing', async () => {
    await addConnection(world().ctx, 790, false)
    const missing = await save(world().ctx, 790, { api_key: 'k'.repeat(16) })
    assert.deepEqual(missing.type === 'invalid' && Object.keys(missing.fields), ['endpoint_url'])
    const result = await testConnection(world().ctx, await connectionOf(world().ctx, 790), {}, 'owner')
    assert.equal(result.type, 'nothing_to_test')
  })
})
