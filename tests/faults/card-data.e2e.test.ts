import assert from 'node:assert/strict'
import { closeSync, createReadStream, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Process } from '../product/product.ts'
import { untilIdle } from '../product/time.ts'
import { goodCard, type Invoice, openStage, type Stage, threeDsCard } from './stage.ts'

/** Four digits, so that a find is a find: as long as the security codes of one network. */
const cvv = '7391'

let stage: Stage
let folder = ''
const invoices: Invoice[] = []
/** Full numbers that were sent, of payments that ended in every way. */
const numbers: string[] = []

/** A number that passes the check digit and is nobody's sample. */
function cardNumber(i: number): string {
  const body = `400012${String(7_310_499_000 + i * 7)}`.slice(0, 15)
  for (let digit = 0; digit <= 9; digit += 1) if (passes(`${body}${digit}`)) return `${body}${digit}`
  throw new Error('no digit passes')
}

function passes(number: string): boolean {
  const digits = [...number].reverse().map(Number)
  const sum = digits.reduce((all, digit, i) => all + (i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0)
  return sum % 10 === 0
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cascad-heap-'))
  stage = await openStage()
  const { control } = stage.product.simulators
  const answers = [
    'approve',
    'decline',
    'error_after',
    'broken_json',
    'reset_before',
    'unauthorized',
    'three_ds',
    'pending',
  ] as const
  for (const [i, answer] of answers.entries()) {
    control.setScript('live_first', { answer, code: '51', notifications: 'twice' })
    const number = cardNumber(i)
    numbers.push(number)
    const card = { ...goodCard, card_number: number, cvv }
    const bySale = await stage.create({ test_mode: false })
    await Promise.race([stage.sale(bySale, card), sleep(4_000)])
    const byPage = await stage.create({ test_mode: false })
    const form = new URLSearchParams({
      submission: '0',
      card_number: number.replace(/(.{4})/g, '$1 ').trim(),
      expiry: '12/31',
      cvv,
      holder: 'J',
    })
    await fetch(byPage.hpp, { method: 'POST', body: form, redirect: 'manual' })
    invoices.push(bySale, byPage)
  }
  stage.calm()
  // Cards that are refused as they come in: a broken number, a broken body, the card in fields where none belongs.
  const invoice = await stage.create({ test_mode: false })
  const broken = `${numbers[0]?.slice(0, 15)}0`
  numbers.push(broken)
  await stage.sale(invoice, { ...goodCard, card_number: broken, cvv })
  await fetch(`${stage.api.url}/payment/sale`, {
    method: 'POST',
    headers: { authorization: `Bearer ${invoice.token}`, 'content-type': 'application/json' },
    body: `{"card_number": "${numbers[0]}", "cvv": "${cvv}"`,
  })
  await fetch(invoice.hpp, {
    method: 'POST',
    body: new URLSearchParams({ card_number: broken, expiry: '12/31', cvv, submission: '0' }),
    redirect: 'manual',
  })
  await fetch(`${stage.api.url}/payment/${numbers[0]}/sale?card_number=${numbers[0]}&cvv=${cvv}`)
  await stage.sale(await stage.create(), threeDsCard)
  // A cascade may keep the card while it asks about an unknown outcome: ten seconds.
  await sleep(12_000)
  await untilIdle(stage.sql)
})
after(async () => {
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
})

/** As it was sent, grouped, encoded: every way a number could have been kept by accident. */
function formsOf(number: string): string[] {
  return [
    number,
    number.replace(/(.{4})/g, '$1 ').trim(),
    number.replace(/(.{4})/g, '$1-').slice(0, -1),
    Buffer.from(number).toString('base64').replace(/=+$/, ''),
    Buffer.from(number).toString('hex'),
  ]
}

const cvvAlone = new RegExp(`(?<![0-9A-Za-z.])${cvv}(?![0-9A-Za-z])`)
const cvvHex = Buffer.from(cvv).toString('hex')

test('no column of any table holds a card number or a security code', async () => {
  const tables = await stage.sql<{ name: string }[]>`
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`
  assert.ok(tables.length > 15)
  let rows = 0
  for (const { name } of tables) {
    for (const { line } of await stage.sql<
      { line: string }[]
    >`select t::text as line from ${stage.sql.unsafe(name)} as t`) {
      rows += 1
      for (const form of numbers.flatMap(formsOf)) assert.ok(!line.includes(form), `${name} holds ${form}: ${line}`)
      assert.ok(!cvvAlone.test(line), `${name} holds the security code: ${line}`)
      if (/^payments|^attempts|^provider_events|^callback/.test(name)) assert.ok(!line.includes(`${cvvHex}"`), name)
    }
  }
  assert.ok(rows > 100)
  const [kept] = await stage.sql<{ mask: string }[]>`
    select payload->'payment_card'->>'mask' as mask from payments where id = ${invoices[0]?.id ?? ''}`
  assert.equal(
    kept?.mask,
    `${numbers[0]?.slice(0, 6)}******${numbers[0]?.slice(-4)}`,
    'the search would have found what is kept',
  )
})

test('nothing the processes write holds a card number or a security code', () => {
  for (const { output, role } of [stage.api, stage.worker]) {
    const text = output()
    assert.ok(text.includes(`"role":"${role}"`), `the ${role} logs what it does`)
    for (const form of numbers.flatMap(formsOf)) assert.ok(!text.includes(form), `the ${role} logs ${form}`)
    assert.ok(!text.split('\n').some((line) => cvvAlone.test(line)), `the ${role} logs the security code`)
  }
})

test('nothing that merchants are sent holds a card number', () => {
  assert.ok(stage.product.shop.received.length > 10)
  for (const { body } of stage.product.shop.received) {
    for (const number of numbers) assert.ok(!body.includes(number))
    assert.ok(!cvvAlone.test(body))
  }
})

test('after the payments the heap of the API holds no card number', async (t) => {
  // Ordinary traffic, so that what only waits for its buffer to be used again is gone.
  for (let i = 0; i < 50; i += 1) await stage.create()
  const file = join(folder, 'api.heapsnapshot')
  await stage.api.heapSnapshot(file)
  const found = await findInFile(file, numbers)
  t.diagnostic(`${found.length} of ${numbers.length} numbers in the heap; ${memoryFinds(stage.api).join('; ')}`)
  assert.deepEqual(found, [])
})

async function findInFile(file: string, wanted: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
    const text = rest + chunk
    for (const one of wanted) if (text.includes(one)) found.add(one)
    rest = text.slice(-64)
  }
  return [...found]
}

/** What lies in the whole memory of the process, freed and unused parts included. For people to read; nobody can promise it empty. */
function memoryFinds(process: Process): string[] {
  try {
    const maps = readFileSync(`/proc/${process.pid()}/maps`, 'utf8').split('\n')
    const memory = openSync(`/proc/${process.pid()}/mem`, 'r')
    const counts = new Map<string, number>()
    try {
      for (const line of maps) {
        const [, from, to, rights] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? []
        if (!from || !to || !rights?.startsWith('rw')) continue
        scan(memory, Number.parseInt(from, 16), Number.parseInt(to, 16), counts)
      }
    } finally {
      closeSync(memory)
    }
    const sum = [...counts.values()].reduce((all, one) => all + one, 0)
    return [`${sum} copies of ${counts.size} numbers in the whole memory of the process`]
  } catch (error) {
    return [`the memory of the process could not be read: ${error instanceof Error ? error.message : error}`]
  }
}

function scan(memory: number, from: number, to: number, counts: Map<string, number>): void {
  const step = 1 << 24
  for (let at = from; at < to; at += step - 64) {
    const buffer = Buffer.alloc(Math.min(step, to - at))
    let length = 0
    try {
      length = readSync(memory, buffer, 0, buffer.length, at)
    } catch {
      return
    }
    for (const number of numbers) {
      for (let hit = buffer.indexOf(number); hit >= 0 && hit < length; hit = buffer.indexOf(number, hit + 1))
        counts.set(number, (counts.get(number) ?? 0) + 1)
    }
    if (buffer.length < step) return
  }
}
