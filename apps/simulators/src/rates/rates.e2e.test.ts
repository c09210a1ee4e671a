import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createSimulators, type Simulators } from '../simulators.ts'

let at_ms = Date.parse('2026-03-02T10:00:00Z')
let simulators: Simulators
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1', now: () => new Date(at_ms) })
})
beforeEach(() => simulators.rates.setScript({}))
after(() => simulators.close())

const ask = async (query = '?from=USDT') => {
  const response = await fetch(`${simulators.url}/rates${query}`)
  return { status: response.status, text: await response.text() }
}
const script = async (body: unknown, headers: Record<string, string> = {}) => {
  const sent = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
  return fetch(`${simulators.url}/control/rates`, sent)
}

test('the same minute gives the same rates, the next one others, close by', async () => {
  const first = await ask()
  assert.deepEqual(first, await ask())
  assert.equal(
    first.text,
    '{"base":"USDT","time":"2026-03-02T10:00:00.000Z","rates":{"RUB":84.6535,"EUR":0.8612,"UAH":41.821,"USD":0.9997}}',
  )
  at_ms += 60_000
  assert.match((await ask('')).text, /"RUB":84\.66196535,"EUR":0\.86128612,/)
  at_ms -= 60_000
  assert.equal((await ask('?from=XYZ')).status, 404)
})

test('it jumps, is old, broken or down as it is told, and counts how often it was asked', async () => {
  const asked = simulators.rates.asked()
  assert.deepEqual(await (await script({ mode: 'jump', jump_percent: -50 })).json(), {
    mode: 'jump',
    delay_ms: 2000,
    jump_percent: -50,
  })
  assert.match((await ask()).text, /"RUB":42\.32675,/)
  simulators.rates.setScript({ mode: 'stale' })
  assert.match((await ask()).text, /"time":"2026-03-02T09:00:00.000Z"/)
  simulators.rates.setScript({ mode: 'broken' })
  const half = (await ask()).text
  assert.throws(() => JSON.parse(half))
  simulators.rates.setScript({ mode: 'slow', delay_ms: 5 })
  assert.equal((await ask()).status, 200)
  simulators.rates.setScript({ mode: 'down' })
  assert.equal((await ask()).status, 503)
  const now = (await (await fetch(`${simulators.url}/control/rates`)).json()) as { asked: number; mode: string }
  assert.deepEqual([now.mode, now.asked - asked], ['down', 5])
})

test('a silent source leaves whoever asks waiting until he goes', async () => {
  simulators.rates.setScript({ mode: 'silent' })
  const going = new AbortController()
  const answer = fetch(`${simulators.url}/rates`, { signal: going.signal })
  const before = simulators.rates.asked()
  while (simulators.rates.asked() === before) await new Promise((resolve) => setTimeout(resolve, 5))
  going.abort()
  await assert.rejects(answer)
})

test('a mistake in a script changes nothing, and another site cannot set one', async () => {
  for (const body of [{ mode: 'explode' }, { mode: 'slow', delay_ms: -1 }, { mode: 'jump', jump_percent: 1.5 }]) {
    const refused = await script(body)
    assert.equal(refused.status, 422)
  }
  assert.equal((await script({ mode: 'down' }, { origin: 'https://evil.example' })).status, 403)
  assert.equal(simulators.rates.script().mode, 'ordinary')
})
