import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { type Inbox, receiveNotifications } from './operations/receive-notifications.ts'
import { createSimulators, type Simulators } from './simulators.ts'

let simulators: Simulators
let inbox: Inbox
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  inbox = await receiveNotifications()
})
beforeEach(() => simulators.control.reset())
after(async () => {
  await simulators.close()
  await inbox.close()
})

let serial = 0
function charge(to: Simulators, reference: string, more: object = {}, key = reference) {
  return fetch(`${to.url}/acquirer/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sim_key_second', 'idempotency-key': key },
    body: JSON.stringify({
      terminal: 'second',
      reference,
      operation: 'charge',
      test: true,
      amount: '1000',
      currency: 'USD',
      card: { number: '5519283812030000', exp_month: '12', exp_year: '2049', cvv: '123' },
      return_url: 'http://127.0.0.1:1/back',
      notification_url: inbox.url,
      ...more,
    }),
  })
}
function fresh(): string {
  serial += 1
  return `ref-${serial}`
}
const notificationsOf = (reference: string) =>
  inbox
    .all()
    .filter(({ body }) => body.includes(`"${reference}"`))
    .map(({ body }) => JSON.parse(body))

test('the control API sets, shows and refuses scripts', async () => {
  const set = await fetch(`${simulators.url}/control/terminals/first`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ answer: 'decline', code: '51' }),
  })
  assert.equal(set.status, 200)
  assert.equal(simulators.control.terminals().find(({ name }) => name === 'first')?.script.code, '51')
  const bad = await fetch(`${simulators.url}/control/terminals/first`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ answer: 'explode' }),
  })
  assert.equal(bad.status, 422)
  assert.equal(simulators.control.terminals().find(({ name }) => name === 'first')?.script.answer, 'decline')
})

test('the form of the control page sets the whole script of a terminal', async () => {
  const page = await (await fetch(`${simulators.url}/control`)).text()
  assert.match(page, /<section class="terminal" id="first"/)
  assert.doesNotMatch(page, /<script/)
  const saved = await fetch(`${simulators.url}/control/terminals/first`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({
      answer: 'timeout_after',
      code: '',
      pending_ms: '50',
      delay_ms: '5',
      notifications: 'twice',
    }),
  })
  assert.equal(saved.status, 303)
  const { script } = simulators.control.terminals().find(({ name }) => name === 'first') ?? {}
  assert.deepEqual(
    [
      script?.answer,
      script?.code,
      script?.pending_ms,
      script?.delay_ms,
      script?.notifications,
      script?.decline_by_amount,
    ],
    ['timeout_after', null, 50, 5, 'twice', false],
  )
})

test("another site's page cannot set a script", async () => {
  const answer = await fetch(`${simulators.url}/control/terminals/first`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
    body: new URLSearchParams({ answer: 'down' }),
  })
  assert.equal(answer.status, 403)
  assert.equal(simulators.control.terminals().find(({ name }) => name === 'first')?.script.answer, 'ordinary')
})

test('the ledger tells the truth and keeps first 6 and last 4 of a card only', async () => {
  const [paid, failed] = [fresh(), fresh()]
  await charge(simulators, paid)
  await charge(simulators, failed, {
    card: { number: '4302912837020000', exp_month: '05', exp_year: '2029', cvv: '987' },
  })
  const text = await (await fetch(`${simulators.url}/control/ledger.json`)).text()
  const { entries } = JSON.parse(text) as {
    entries: { reference: string; charged: boolean; net_amount: string; card: string }[]
  }
  assert.deepEqual(
    entries.map((entry) => [entry.reference, entry.charged, entry.net_amount, entry.card]),
    [
      [paid, true, '1000', '551928******0000'],
      [failed, false, '0', '430291******0000'],
    ],
  )
  assert.doesNotMatch(text, /5519283812030000|"987"/)
})

test('an idempotency key used for another request is refused, a reference is used once', async () => {
  const reference = fresh()
  assert.equal((await charge(simulators, reference)).status, 200)
  assert.equal((await charge(simulators, reference)).status, 200)
  assert.equal((await charge(simulators, reference, { amount: '1001' })).status, 409)
  assert.equal((await charge(simulators, reference, {}, 'another key')).status, 422)
  assert.equal(simulators.control.taken(reference), 1000n)
})

test('a wrong key is 401 and charges nothing', async () => {
  const answer = await fetch(`${simulators.url}/acquirer/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sim_key_first' },
    body: JSON.stringify({ terminal: 'second', reference: fresh() }),
  })
  assert.equal(answer.status, 401)
  assert.equal(simulators.control.ledger().length, 0)
})

test('notifications come never, once, twice or out of order, as the script says', async () => {
  const { control } = simulators
  const [silent, twice, mixed_up, lost] = [fresh(), fresh(), fresh(), fresh()]
  control.setScript('second', { notifications: 'none' })
  await charge(simulators, silent)
  control.setScript('second', { notifications: 'twice' })
  await charge(simulators, twice)
  control.setScript('second', { notifications: 'out_of_order' })
  await charge(simulators, mixed_up)
  control.setScript('second', { notifications: 'normal', answer: 'error_after' })
  assert.equal((await charge(simulators, lost)).status, 500)
  while (
    notificationsOf(twice).length < 2 ||
    notificationsOf(mixed_up).length < 2 ||
    notificationsOf(lost).length < 1
  ) {
    await inbox.arrival()
  }
  const [one, other] = notificationsOf(twice)
  assert.equal(one.event_id, other.event_id)
  assert.deepEqual(
    notificationsOf(mixed_up).map(({ payment }) => payment.status),
    ['approved', 'pending'],
  )
  assert.deepEqual(
    notificationsOf(lost).map(({ payment }) => payment.status),
    ['approved'],
  )
  assert.deepEqual(notificationsOf(silent), [])
})

test('the issuer page speaks three languages, runs no script, and cannot be answered twice', async () => {
  const reference = fresh()
  const document = (await (
    await charge(simulators, reference, { card: { number: '5123817234060000', exp_month: '12', exp_year: '2049' } })
  ).json()) as {
    action: { url: string; params: { creq: string } }
  }
  const { url, params } = document.action
  for (const [language, word] of [
    ['en', 'Confirm'],
    ['ru', 'Подтвердить'],
    ['uk', 'Підтвердити'],
  ] as const) {
    const page = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(params),
      headers: { 'accept-language': language },
    })
    const text = await page.text()
    assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'/)
    assert.match(text, new RegExp(word))
    assert.match(text, new RegExp(`<html lang="${language}">`))
    assert.doesNotMatch(text, /<script|5123817234060000/)
  }
  const answer = (choice: string) =>
    fetch(`${url}/answer`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ ...params, choice }) })
  assert.equal((await answer('nonsense')).status, 200)
  assert.equal(simulators.control.taken(reference), 0n)
  assert.equal((await answer('confirm')).headers.get('location'), 'http://127.0.0.1:1/back')
  assert.equal((await answer('decline')).status, 303)
  assert.equal(simulators.control.taken(reference), 1000n)
  assert.equal((await fetch(`${url}?creq=unknown`)).status, 404)
})

test('texts of a request are escaped on the pages', async () => {
  const document = (await (
    await charge(simulators, fresh(), {
      description: '<img src=x onerror=alert(1)>',
      card: { number: '5123817234060000', exp_month: '12', exp_year: '2049' },
    })
  ).json()) as { action: { url: string; params: { creq: string } } }
  const page = await fetch(`${document.action.url}?creq=${document.action.params.creq}`)
  assert.doesNotMatch(await page.text(), /<img/)
})

test('a return address that is no web address is not followed', async () => {
  const document = (await (
    await charge(simulators, fresh(), {
      return_url: 'javascript:alert(1)',
      card: { number: '5123817234060000', exp_month: '12', exp_year: '2049' },
    })
  ).json()) as { action: { url: string; params: Record<string, string> } }
  const body = new URLSearchParams({ ...document.action.params, choice: 'confirm' })
  const answer = await fetch(`${document.action.url}/answer`, { method: 'POST', redirect: 'manual', body })
  assert.equal(answer.status, 200)
  assert.doesNotMatch(await answer.text(), /javascript:/)
})

test('what waits can be decided by hand', async () => {
  const reference = fresh()
  simulators.control.setScript('second', { answer: 'pending' })
  await charge(simulators, reference)
  assert.equal(simulators.control.decide('second', reference, true), true)
  assert.equal(simulators.control.decide('second', reference, false), false)
  assert.equal(simulators.control.taken(reference), 1000n)
  assert.match(await (await fetch(`${simulators.url}/control/charges`)).text(), new RegExp(reference))
})

test('a shut door refuses connections, an open one serves the same books', async () => {
  const door = await simulators.control.openDoor()
  assert.equal((await fetch(`${door.url}/health`)).status, 200)
  await door.shut()
  await assert.rejects(fetch(`${door.url}/health`))
  await door.open()
  assert.equal((await fetch(`${door.url}/health`)).status, 200)
})

test('holds, their captures and the keys of both last over a restart; books of an earlier release are read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cascad-simulators-'))
  const options = { port: 0, cascad_url: 'http://127.0.0.1:1', journal_path: join(folder, 'books.jsonl') }
  const [reference, older] = [fresh(), fresh()]
  const capture = (to: Simulators, id: string) =>
    fetch(`${to.url}/acquirer/payments/${id}/captures`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sim_key_second', 'idempotency-key': 'c' },
      body: JSON.stringify({ terminal: 'second', reference: 'capture', amount: '400', currency: 'USD' }),
    })
  const first = await createSimulators(options)
  const { id } = (await (await charge(first, reference, { operation: 'authorize' })).json()) as { id: string }
  assert.equal((await capture(first, id)).status, 200)
  await charge(first, older)
  await first.close()
  const lines = (await readFile(options.journal_path, 'utf8')).trim().split('\n')
  const old = lines.map((line) => JSON.parse(line)).filter((operation) => operation.reference === older)
  for (const operation of old) for (const name of ['captures', 'cancels', 'held', 'simulated']) delete operation[name]
  const kept = lines.filter((line) => !line.includes(`"${older}"`))
  await writeFile(options.journal_path, [...kept, ...old.map((operation) => JSON.stringify(operation))].join('\n'))

  const second = await createSimulators(options)
  assert.equal((await capture(second, id)).status, 200)
  assert.deepEqual([second.control.taken(reference), second.control.held(reference)], [400n, 600n])
  assert.equal(second.control.taken(older), 1000n)
  await second.close()
  await rm(folder, { recursive: true })
})

test('the books last over a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cascad-simulators-'))
  const options = { port: 0, cascad_url: 'http://127.0.0.1:1', journal_path: join(folder, 'books.jsonl') }
  const reference = fresh()
  const first = await createSimulators(options)
  await charge(first, reference)
  await first.close()
  const second = await createSimulators(options)
  assert.equal(second.control.taken(reference), 1000n)
  await second.close()
  await rm(folder, { recursive: true })
})
