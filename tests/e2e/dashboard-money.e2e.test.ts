/** Payments, balance and appeals at the dashboard, against the real server, its workers and the simulated desks. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { findProvider } from '../../apps/server/src/cascades/find-provider.ts'
import { readBalance } from '../../apps/server/src/cascades/read-balance.ts'
import { type Desk, openDesk, provider, settled } from '../dashboard.ts'
import type { Payer } from '../payer.ts'
import { until } from '../product/time.ts'

let desk: Desk
let opened: Payer[]
let paid: { id: string; attempt_id: string }
let expired: { id: string; attempt_id: string }
before(async () => {
  desk = await openDesk()
  paid = await desk.payment()
  await desk.pay(paid.attempt_id)
  expired = await desk.payment('issue', { amount: 7100.5 })
  await desk.expire(expired.attempt_id)
  await desk.payment('refuse:NO_REQUISITES', { amount: 5000 })
})
after(() => desk.close())
beforeEach(() => {
  opened = []
})
afterEach(async () => {
  for (const { close, complaints } of opened) {
    await close()
    assert.deepEqual(complaints, [], 'the browser complained')
  }
})

async function open(...wish: Parameters<Desk['open']>): Promise<Page> {
  const person = await desk.open(...wish)
  opened.push(person)
  return person.page
}

async function balance() {
  const found = await findProvider(desk.ctx.sql, provider.id)
  assert.ok(found)
  return readBalance(desk.ctx.sql, found, true)
}

/** As people read it: narrow spaces between thousands, the real minus. */
const plain = (text: string | null): string => (text ?? '').replaceAll('\u202f', ' ').replaceAll('\u2212', '-')
const rowsOf = (page: Page) => page.locator('.table tbody tr')
const showsRows = (page: Page, count: number): Promise<void> =>
  until(`${count} rows are shown`, async () => (await rowsOf(page).count()) === count)

describe('history', () => {
  it('is filtered by state, amount and id, in the address, and keeps that over a reload', async () => {
    const page = await open('viewer', '/history?mode=test')
    await showsRows(page, 3)
    await page.getByLabel('State', { exact: true }).selectOption('expired')
    await page.waitForURL(/state=expired/)
    await settled(page)
    await showsRows(page, 1)
    await page.reload()
    await settled(page)
    assert.match(plain(await rowsOf(page).first().textContent()), /7 100\.50 RUB.*83\.046784 USDT/)
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByLabel('Amount', { exact: true }).fill('7 100,5')
    await page.keyboard.press('Enter')
    await page.waitForURL(/amount=7100\.5(&|$)/)
    await settled(page)
    await showsRows(page, 1)
    await page.getByLabel('Amount', { exact: true }).fill('1,234')
    await page.keyboard.press('Enter')
    await page.getByText('Thousands or decimals?').waitFor()
    await page.goto(`${desk.url}/dashboard/history?mode=test&id=${paid.attempt_id}`)
    await settled(page)
    await showsRows(page, 1)
    await page.getByLabel('Id, yours or ours').fill('nobody')
    await page.keyboard.press('Enter')
    await page.getByText('No payment fits these filters').waitFor()
  })

  it('of the other mode is apart', async () => {
    const page = await open('viewer', '/history?mode=test')
    await page.getByText('Live', { exact: true }).click()
    await page.getByText('No payments yet').waitFor()
    assert.doesNotMatch(page.url(), /mode=/)
    await page.getByText('Test', { exact: true }).click()
    await rowsOf(page).first().waitFor()
  })

  it('goes to a file with the same filters, and shows no number in full', async () => {
    const page = await open('viewer', '/history?mode=test&state=success')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as CSV' }).click(),
    ])
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n')
    assert.equal(lines.length, 2)
    assert.match(lines[1] ?? '', new RegExp(paid.attempt_id))
    assert.doesNotMatch(lines.join('\n'), /\b\d{16}\b/)
    const [sheet] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as XLSX' }).click(),
    ])
    assert.equal(sheet.suggestedFilename(), 'payments-test.xlsx')
    assert.equal(readFileSync(await sheet.path()).toString('latin1', 0, 4), 'PK\u0003\u0004')
  })

  it('that cannot become a spreadsheet says why', async () => {
    const page = await open('viewer', '/history?mode=test')
    await page.route('**/provider-api/payments.xlsx*', (route) =>
      route.fulfill({ status: 422, json: { error: { code: 'too_many_rows', message: 'too many' } } }),
    )
    await page.getByRole('button', { name: 'Download as XLSX' }).click()
    await page.getByText('Too many lines for a spreadsheet').waitFor()
  })

  it('comes page by page', async () => {
    await desk.ctx.sql`
      insert into provider_payments (account_id, attempt_id, payment_id, attempt_number, provider_id, gateway_id, test_mode, method, state,
        currency, amount_minor, rate, settlement_minor, requested_at)
      select account_id, 'pay_copy' || lpad(n::text, 12, '0'), payment_id, attempt_number, provider_id, gateway_id, test_mode, method, 'refused',
        'EUR', 100, rate, settlement_minor, requested_at - n * interval '1 minute'
      from provider_payments, generate_series(1, 70) n where attempt_id = ${paid.attempt_id}`
    const page = await open('viewer', '/history?mode=test&amount=1')
    await showsRows(page, 50)
    await page.getByRole('button', { name: 'Show more' }).click()
    await showsRows(page, 70)
    assert.equal(await page.getByRole('button', { name: 'Show more' }).count(), 0)
    await desk.ctx.sql`delete from provider_payments where attempt_id like 'pay_copy%'`
  })
})

describe('a payment', () => {
  it('has its time line, its calls with masked bodies, and its bookings', async () => {
    const page = await open('viewer', `/history/${paid.attempt_id}?mode=test`)
    const text = plain(await page.locator('#content').textContent())
    for (const part of [
      '3 900.00 RUB',
      '45.614036 USDT',
      'Requisites given',
      'Held for a payment',
      '-45.614036',
      'Payment taken from its hold',
    ])
      assert.ok(text.includes(part), `${part} is missing`)
    await page.locator('.calls summary').first().click()
    const bodies = plain(
      await page
        .locator('.calls pre')
        .allTextContents()
        .then((all) => all.join('\n')),
    )
    assert.match(bodies, /"amount": 3900,/)
    assert.match(bodies, /"currencyRate": 85\.5,/)
    assert.match(bodies, /\d{6}\*{6}\d{4}/)
    assert.doesNotMatch(await page.content(), /\b\d{16}\b/)
  })

  it('of somebody else is not there', async () => {
    const page = await open('viewer', '/history/pay_0000000000000000?mode=test')
    await page.getByText('There is nothing here', { exact: true }).waitFor()
  })

  it('with hostile text shows it as text', async () => {
    const bad = '"><img src=x onerror="window.owned=1"><script>window.owned=1</script>'
    await desk.ctx
      .sql`update provider_payments set bank = ${bad}, owner_mask = ${bad}, reason_text = ${bad} where attempt_id = ${expired.attempt_id}`
    const page = await open('viewer', `/history/${expired.attempt_id}?mode=test`)
    assert.ok((await page.getByText('onerror').count()) > 0)
    await page.getByRole('link', { name: 'History' }).last().click()
    await settled(page)
    assert.equal(await page.evaluate('window.owned'), undefined)
  })
})

describe('balance', () => {
  it('stands with every booking, before and after, to the last digit', async () => {
    const page = await open('viewer', '/balance?mode=test')
    const { available_minor, total_minor } = await balance()
    const figures = plain(await page.locator('.figures').first().textContent()).replaceAll(' ', '')
    assert.ok(figures.includes(`Available${decimal(available_minor)}USDT`), figures)
    assert.ok(figures.includes(`Total${decimal(total_minor)}USDT`), figures)
    const [newest] = await rowsOf(page).allTextContents()
    assert.ok(
      plain(newest ?? '')
        .replaceAll(' ', '')
        .includes(decimal(available_minor)),
      newest,
    )
    await page.getByText('Days', { exact: true }).click()
    await page.locator('dt').filter({ hasText: 'Top-up' }).waitFor()
  })

  it('is topped up by an order that can be cancelled', async () => {
    const page = await open('finance', '/balance/top-ups?mode=test')
    const submit = page.getByRole('button', { name: 'Announce the top-up' })
    await submit.click()
    await page.getByText('Please enter an amount').waitFor()
    await page.getByLabel('Amount').fill('1,234.5678901')
    await page.getByText('Too many decimals').waitFor()
    await page.getByLabel('Amount').fill('1 000,000001')
    await page.getByLabel('Reference').fill('hash 0xabc')
    await submit.click()
    const row = rowsOf(page).filter({ hasText: 'hash 0xabc' })
    await row.getByText('announced').waitFor()
    const [stored] = await desk.ctx.sql`select amount_minor from provider_top_ups where reference = 'hash 0xabc'`
    assert.equal(stored?.amount_minor, 1_000_000_001n)
    await row.getByRole('button', { name: 'Cancel it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click()
    await row.getByText('cancelled').waitFor()
  })

  it('is withdrawn from up to what is available, to a destination that is old enough', async () => {
    const page = await open('finance', '/balance/withdrawals?mode=test')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByLabel('Name').fill('Desk wallet')
    await page.getByLabel('Address').fill('TQ5pZVX1Ab12Cd34Ef56Gh78Jk90Mn9f3c')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('usable from').waitFor()
    assert.equal(await page.getByText('TQ5pZVX1Ab12').count(), 0, 'only its end is shown')
    await desk.ctx.sql`update provider_destinations set created_at = now() - interval '25 hours'`
    await page.reload()
    await settled(page)
    const before = (await balance()).available_minor
    await page.getByLabel('Amount').fill(decimal(before + 1n))
    await page.getByText('This is more than is available.').waitFor()
    await page.getByRole('button', { name: 'Request the withdrawal' }).click()
    assert.equal((await balance()).withdrawing_minor, 0n)
    await page.getByRole('button', { name: /^All:/ }).click()
    await page.getByRole('button', { name: 'Request the withdrawal' }).click()
    await page.getByText('requested', { exact: true }).waitFor()
    assert.deepEqual([(await balance()).available_minor, (await balance()).withdrawing_minor], [0n, before])
    await page.getByRole('button', { name: 'Cancel it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click()
    await page.getByText('cancelled', { exact: true }).waitFor()
    assert.equal((await balance()).available_minor, before)
  })
})

describe('appeals', () => {
  it('are rejected with a reason and evidence only, and written about', async () => {
    const appeal = await desk.appeal(expired.id)
    const page = await open('trading', '/?mode=test')
    await page
      .getByRole('link', { name: /^Appeals/ })
      .first()
      .click()
    await rowsOf(page).first().getByRole('link').click()
    await page.getByRole('heading', { name: 'Appeal', exact: true }).waitFor()
    await page.getByLabel('Message').fill('We look at it.')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.thread').getByText('We look at it.').waitFor()
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByText('A rejection needs a file as evidence.').waitFor()
    await page.getByLabel('Reason').selectOption('payment_not_found')
    await page
      .getByLabel('Evidence')
      .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no') })
    await page.getByText('Only PDF, JPEG and PNG are taken.').waitFor()
    const program = { name: 'statement.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ this is a program') }
    await page.getByLabel('Evidence').setInputFiles(program)
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByText('Some of this is not valid.').waitFor()
    assert.equal(await page.getByLabel('Reason').inputValue(), 'payment_not_found', 'what was chosen stays')
    const evidence = { name: 'statement.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%%EOF\n') }
    await page.getByLabel('Evidence').setInputFiles(evidence)
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByText('rejected by you').waitFor()
    const [row] = await desk.ctx.sql`select state from appeals where id = ${appeal.id}`
    assert.equal(row?.state, 'rejected')
  })

  it('are accepted after a question, and settled to the last digit', async () => {
    const { available_minor: before } = await balance()
    await desk.appeal(paid.id, 400_000n)
    const page = await open('trading', '/appeals?mode=test&state=submitted')
    assert.match(plain(await rowsOf(page).first().textContent()), /3 900\.00 RUB.*4 000\.00 RUB.*\+100\.00 RUB/)
    await rowsOf(page).first().getByRole('link').click()
    await page.getByRole('button', { name: 'Accept' }).click()
    await page.getByRole('dialog').getByText('4\u202f000').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Accept' }).click()
    await page.getByText('confirmed', { exact: true }).waitFor()
    assert.equal(before - (await balance()).available_minor, 1_169_590n)
  })

  it('show the receipt to the person, and to nobody without a session', async () => {
    const page = await open('viewer', '/appeals?mode=test')
    await rowsOf(page).first().getByRole('link').click()
    const href = await page
      .getByRole('link', { name: /Open the file/ })
      .first()
      .getAttribute('href')
    const status = await page.evaluate(`fetch(${JSON.stringify(href)}).then((answer) => answer.status)`)
    assert.equal(status, 200)
    assert.equal((await fetch(`${desk.url}${href}`)).status, 401)
  })
})

/** USDT of six decimals. */
function decimal(minor: bigint): string {
  const digits = String(minor).padStart(7, '0')
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`
}
