import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { importDirectory, isFailed } from './import-directory.ts'
import { loadStarterRows } from './load-starter.ts'

let db: TestDatabase
const root = mkdtempSync(join(tmpdir(), 'cascad-import-'))
before(async () => {
  db = await testDatabase()
  await loadStarterRows(db.sql)
})
after(async () => {
  await db.close()
  rmSync(root, { recursive: true, force: true })
})

let folders = 0
function folder(files: Readonly<Record<string, unknown>>): string {
  folders += 1
  const path = join(root, String(folders))
  mkdirSync(path)
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(path, `${name}.json`), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return path
}

const whole = {
  currencies: [
    { code: 'ADA', name: { en: 'Cardano' }, type: 'crypto', exponent: 6, status: 'active' },
    { code: 'USD', name: { en: 'United States Dollar' }, type: 'national', exponent: 2 },
  ],
  payment_methods: [
    {
      code: 'harbour_pay',
      vendor: 'harbour',
      category: 'e_wallet',
      status: 'active',
      countries: ['NO'],
      name: { en: 'Harbour Pay', ru: 'Харбор' },
    },
  ],
  payment_services: [
    {
      code: 'harbour_pay_usd_hpp',
      flow: 'hpp',
      method: 'harbour_pay',
      currency: 'USD',
      amount_min: 0.5,
      amount_max: '2500.00',
      fields: [
        {
          key: 'wallet',
          type: 'string',
          label: { en: 'Wallet' },
          hint: { en: 'Your wallet' },
          regexp: '/^H\\d{12}$/',
          required: true,
          position: 1,
        },
      ],
    },
    {
      code: 'harbour_pay_ada_invoice',
      flow: 'invoice',
      method: 'harbour_pay',
      currency: 'ADA',
      amount_min: 0.000001,
      amount_max: 1000,
    },
  ],
  payout_methods: [{ code: 'harbour_pay', name: 'Harbour Pay' }],
  payout_services: [
    { code: 'harbour_pay_usd', method: 'harbour_pay', currency: 'USD', amount_min: '1', amount_max: '100' },
  ],
}

test('a data set is added, and the second time brought up to date', async () => {
  const path = folder(whole)
  const first = await importDirectory(db.sql, path)
  assert.deepEqual(
    first.map(({ added, updated, bad }) => [added, updated, bad.length]),
    [
      [1, 1, 0],
      [1, 0, 0],
      [2, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
    ],
  )
  assert.equal(isFailed(first), false)
  const second = await importDirectory(db.sql, path)
  assert.deepEqual(
    second.map(({ added, updated }) => [added, updated]),
    [
      [0, 2],
      [0, 1],
      [0, 2],
      [0, 1],
      [0, 1],
    ],
  )
  const [service] = await db.sql`select * from payment_services where code = 'harbour_pay_usd_hpp'`
  assert.deepEqual([service?.flow, service?.amount_min_minor, service?.amount_max_minor], ['hpp', 50n, 250_000n])
  assert.equal(service?.fields[0].regexp, '^H\\d{12}$')
  const [ada] = await db.sql`select amount_min_minor from payment_services where code = 'harbour_pay_ada_invoice'`
  assert.equal(ada?.amount_min_minor, 1n)
  const [payout] = await db.sql`select amount_min_minor from payout_services where code = 'harbour_pay_usd'`
  assert.equal(payout?.amount_min_minor, 100n)
  const [method] = await db.sql`select name, category, logo from payment_methods where code = 'harbour_pay'`
  assert.deepEqual(method, {
    name: { en: 'Harbour Pay', ru: 'Харбор', uk: 'Harbour Pay' },
    category: 'e_wallet',
    logo: '/payment_methods/harbour_pay/logo.svg',
  })
})

test('a bad row is told with file, place, code and reason, and takes no other with it', async () => {
  const good = {
    code: 'pix_brl_invoice',
    flow: 'invoice',
    method: 'pix',
    currency: 'BRL',
    amount_min: 1,
    amount_max: 2,
  }
  const reports = await importDirectory(
    db.sql,
    folder({
      payment_services: [
        good,
        null,
        { ...good, code: 'x_brl_hpp', currency: 'ZZZ' },
        { ...good },
        { flow: 'hpp' },
        { ...good, code: 'pix_brl_hpp', flow: 'hpp', amount_max: 3 },
      ],
    }),
  )
  const report = reports.find(({ file }) => file === 'payment_services.json')
  assert.deepEqual(report?.bad, [
    { file: 'payment_services.json', index: 1, code: null, why: 'the row is not an object' },
    { file: 'payment_services.json', index: 2, code: 'x_brl_hpp', why: 'currency "ZZZ" is not in the directory' },
    { file: 'payment_services.json', index: 3, code: 'pix_brl_invoice', why: 'the code stands twice, first at 0' },
    { file: 'payment_services.json', index: 4, code: null, why: '"code" is missing' },
  ])
  assert.deepEqual([report?.added, report?.updated, isFailed(reports)], [1, 1, false])
  assert.deepEqual(reports.filter(({ state }) => state === 'absent').length, 4)
})

test('the decimals of a known currency never change', async () => {
  const [report] = await importDirectory(
    db.sql,
    folder({
      currencies: [
        { code: 'JPY', name: 'Yen', type: 'national', exponent: 2 },
        { code: 'ETH', exponent: 18, type: 'crypto' },
      ],
    }),
  )
  assert.match(report?.bad[0]?.why ?? '', /has it with 0 decimals, the file with 2/)
  assert.equal(report?.updated, 1)
  const rows = await db.sql`select code, exponent from currencies where code in ('JPY', 'ETH') order by code`
  assert.deepEqual(
    rows.map((row) => [row.code, row.exponent]),
    [
      ['ETH', 8],
      ['JPY', 0],
    ],
  )
})

test('entries of the test method are kept as they are, pictures of known methods too', async () => {
  const reports = await importDirectory(
    db.sql,
    folder({
      payment_methods: [
        { code: 'test', name: 'Changed' },
        { code: 'payment_card', category: 'payment_card', name: { en: 'Card' } },
      ],
      payment_services: [
        { code: 'test_btc_test', flow: 'test', method: 'test', currency: 'BTC', amount_min: 1, amount_max: 2 },
      ],
    }),
  )
  assert.deepEqual(
    reports.map(({ kept }) => kept),
    [0, 1, 1, 0, 0],
  )
  const [test_method] = await db.sql`select name, logo from payment_methods where code = 'test'`
  assert.deepEqual([test_method?.name.en, test_method?.logo], ['Test', '/payment_methods/test/logo.png'])
  const [service] = await db.sql`select amount_min_minor from payment_services where code = 'test_btc_test'`
  assert.equal(service?.amount_min_minor, 1_000_000n)
  await loadStarterRows(db.sql)
})

test('what is no list is unreadable; a folder without any file, or a file without one good row, has failed', async () => {
  for (const [content, told] of [
    ['{"a":1}', /not a JSON list/],
    ['[1,', /not valid JSON/],
    ['', /not valid JSON/],
  ] as const) {
    const reports = await importDirectory(db.sql, folder({ currencies: content }))
    assert.deepEqual([reports[0]?.state, isFailed(reports)], ['unreadable', true])
    assert.match(reports[0]?.why ?? '', told)
  }
  assert.equal(isFailed(await importDirectory(db.sql, folder({}))), true)
  assert.equal(isFailed(await importDirectory(db.sql, folder({ payment_methods: [{}, 7] }))), true)
  assert.equal(isFailed(await importDirectory(db.sql, folder({ payment_methods: [] }))), false)
})

test('thousands of rows go in', async () => {
  const methods = Array.from({ length: 700 }, (_, n) => ({ code: `bulk${n}`, name: { en: `Bulk ${n}` } }))
  const services = Array.from({ length: 2600 }, (_, n) => ({
    code: `bulk${n}_eur_hpp`,
    flow: 'hpp',
    method: `bulk${n % 700}`,
    currency: 'EUR',
    amount_min: 1,
    amount_max: 1 + n,
  }))
  const reports = await importDirectory(db.sql, folder({ payment_methods: methods, payment_services: services }))
  assert.deepEqual(
    reports.map(({ added }) => added),
    [0, 700, 2600, 0, 0],
  )
})

function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const file = fileURLToPath(new URL('./import-command.ts', import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { env: { ...process.env, DATABASE_URL: db.url } }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })
}

test('the command prints a summary and the bad rows, and ends with 0 unless a file failed', async () => {
  const mixed = await command(folder({ ...whole, payment_methods: [...whole.payment_methods, { code: 'a b' }] }))
  assert.equal(mixed.code, 0, mixed.err)
  assert.match(mixed.out, /payment_methods\.json\[1\] a b: "code" has characters that a code may not have: a b\./)
  assert.match(mixed.out, /^payment_methods\.json +2 +0 +1 +0 +1$/m)
  assert.match(mixed.out, /^payout_services\.json +1 +0 +1 +0 +0$/m)
  const broken = await command(folder({ currencies: '[' }))
  assert.equal(broken.code, 1)
  assert.match(broken.out, /currencies\.json: The file is not valid JSON/)
  const nowhere = await command(join(root, 'none'))
  assert.deepEqual([nowhere.code, nowhere.out], [1, ''])
  assert.match(nowhere.err, /is not a folder\. Usage: npm run directory:import/)
  assert.match((await command()).err, /Which folder\?/)
})
