/** A provider's endpoint at the dashboard: its settings, the test that puts them into use, the console, and what goes wrong. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { type Desk, openDesk, provider, settled } from '../dashboard.ts'
import type { Payer } from '../payer.ts'
import { until } from '../product/time.ts'

let desk: Desk
let opened: Payer[]
before(async () => {
  desk = await openDesk()
})
after(() => desk.close())
beforeEach(() => {
  opened = []
})
afterEach(async () => {
  for (const { close, complaints } of opened) {
    await close()
    assert.deepEqual(
      complaints.filter((text) => !/net::ERR_FAILED|status of 500|Failed to fetch dynamically/.test(text)),
      [],
      'the browser complained',
    )
  }
})

async function open(...wish: Parameters<Desk['open']>): Promise<Page> {
  const person = await desk.open(...wish)
  opened.push(person)
  return person.page
}

describe('settings', () => {
  it('another key waits for a passed test, and payments go on with the one in use', async () => {
    const page = await open('owner', '/settings?mode=test')
    await page.getByRole('button', { name: 'Change address or key' }).click()
    const form = page.locator('form').first()
    await form.getByRole('button', { name: 'Save', exact: true }).click()
    await form.getByText('Nothing has been changed.').waitFor()
    await form.getByLabel('API key', { exact: true }).fill('too short')
    await form.getByText('At least 16 characters', { exact: true }).waitFor()
    await form.getByLabel('Make a new key for me').check()
    await form.getByRole('button', { name: 'Save', exact: true }).click()
    const key = (await page.locator('.secret-value').textContent()) ?? ''
    assert.ok(key.length >= 16)
    await page.getByRole('button', { name: 'I have kept it' }).click()
    assert.ok(!(await page.content()).includes(key), 'the key is shown this once')
    await page.getByText('Waiting for its test').waitFor()
    await page.getByRole('button', { name: 'Test it and put it into use' }).click()
    await page.getByText('The test has not passed').waitFor()
    await page.getByText('UNAUTHORIZED').first().waitFor()
    assert.ok(!(await page.content()).includes(key), 'and in no call of a test')
    assert.equal(await desk.stateOf((await desk.payment()).attempt_id), 'issued')
    await page.getByRole('button', { name: 'Discard it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Discard it' }).click()
    await page.getByText('Waiting for its test').waitFor({ state: 'detached' })
  })

  it('another spelling is in use once its test has passed', async () => {
    const page = await open('owner', '/settings?mode=test')
    const spelling = page.getByLabel('Spelling of events')
    await spelling.selectOption('bare')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Test it and put it into use' }).click()
    await page.getByText('Waiting for its test').waitFor({ state: 'detached' })
    await page.reload()
    await settled(page)
    assert.equal(await spelling.inputValue(), 'bare')
    const { attempt_id } = await desk.payment()
    await until('the call is written down', async () => {
      const [call] = await desk.ctx.sql<{ body: string }[]>`
        select request::text as body from provider_calls where attempt_id = ${attempt_id} order by at limit 1`
      return call !== undefined && /"event": ?"CREATE_PAYMENT"/.test(call.body)
    })
  })

  it('limits are amounts as they were typed, and count for the next payment', async () => {
    const page = await open('owner', '/settings?mode=test')
    const card = page.getByRole('group', { name: 'Card' })
    await card.getByLabel('Minimum').fill('1 000,50')
    await card.getByLabel('Maximum').fill('900')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The maximum is below the minimum').waitFor()
    await card.getByLabel('Maximum').fill('100000.01')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved.').waitFor()
    assert.equal(await card.getByLabel('Minimum').inputValue(), '1000.50'.replace(/0$/, ''))
    const [row] = await desk.ctx.sql`
      select limits -> 'card' as limits from provider_connections where gateway_id = ${provider.test_gateway_id}`
    assert.deepEqual(row?.limits, { min: '1000.5', max: '100000.01' })
    await card.getByLabel('Minimum').fill('5')
    await page.getByRole('button', { name: 'Undo changes' }).click()
    assert.equal(await card.getByLabel('Minimum').inputValue(), '1000.5')
  })
})

describe('the alert of a low balance', () => {
  it('is saved to the last digit and shown where the balance is below it', async () => {
    const page = await open('owner', '/settings?mode=test')
    await page.getByLabel('Tell me below').fill('99 999,000001')
    await page.getByRole('button', { name: 'Save the alert' }).click()
    await page.getByText('Saved.').waitFor()
    const [row] = await desk.ctx.sql`select low_balance_alert_minor from providers where id = ${provider.id}`
    assert.equal(row?.low_balance_alert_minor, 99_999_000_001n)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('The balance is low').waitFor()
    await page.goto(`${desk.url}/dashboard/settings?mode=test`)
    await page.getByLabel('Tell me below').fill('0')
    await page.getByRole('button', { name: 'Save the alert' }).click()
    await page.getByText('Saved.').waitFor()
  })
})

describe('the console', () => {
  const holds = async (): Promise<number> => {
    const [row] = await desk.ctx.sql<{ n: number }[]>`select count(*)::integer as n from provider_settlements`
    return row?.n ?? -1
  }

  it('sends what was typed, digit by digit, and shows how it is read', async () => {
    const page = await open('trading', '/console?mode=test')
    const data = page.getByLabel('Data (JSON)')
    const before = await holds()
    await data.fill('{"amount": 1500.10, "method": "card", "currencyRate": 85.50,')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('This is no JSON object').waitFor()
    await data.fill('{"amount": -1, "method": "cash"}')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('code', { hasText: 'data.method' }).waitFor()
    await data.fill('{"amount": 123456789012.10, "method": "card", "currencyRate": 85.50, "currency": "RUB"}')
    await page.getByRole('button', { name: 'Send' }).click()
    const call = page.locator('.console-call').first()
    await call.getByText('What we read').waitFor()
    assert.match((await call.locator('pre').first().textContent()) ?? '', /"amount": 123456789012\.1,/)
    await page.getByRole('button', { name: 'Start over' }).click()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.console-call').first().getByText('waiting for payment').waitFor()
    await page.locator('#content select').first().selectOption('GET_PAYMENT')
    assert.match(await data.inputValue(), /"id": "trp_\d+"/)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.console-call .call-event').filter({ hasText: 'GET_PAYMENT' }).waitFor()
    const text = (await page.locator('.console-call').allTextContents()).join('\n')
    assert.match(text, /x-api-key: \*\*\*/)
    assert.doesNotMatch(text, /\b\d{16}\b/)
    assert.equal(await holds(), before, 'nothing is held for it')
  })

  it('probes, and runs every check', async () => {
    const page = await open('owner', '/console?mode=test')
    await page.getByRole('button', { name: 'Issue probe' }).click()
    await page.getByText('The test has passed').waitFor()
    assert.equal(await page.locator('.outcome .console-call').count(), 2)
    await page.getByRole('button', { name: 'Run the checks' }).click()
    await page.getByText('Every check has passed').waitFor({ timeout: 90_000 })
    assert.equal(await page.locator('.outcome tbody tr').count(), 12)
  })
})

describe('why no payments', () => {
  it('counts by reason, each with what to do', async () => {
    await desk.ctx.sql`
      insert into connection_skips (gateway_id, reason, hour, payments)
      values (${provider.test_gateway_id}, 'balance_insufficient', date_trunc('hour', now()), 41),
        (${provider.test_gateway_id}, 'a_reason_of_tomorrow', date_trunc('hour', now()), 1)`
    const page = await open('viewer', '/no-payments?mode=test')
    const rows = page.locator('.bars li')
    assert.match((await rows.first().textContent()) ?? '', /^Amount above what is available41 payments/)
    await page.getByText('a_reason_of_tomorrow').first().waitFor()
    await rows.first().getByRole('link', { name: 'Top up' }).click()
    await page.getByRole('heading', { name: 'New top-up' }).waitFor()
  })
})

describe('what goes wrong', () => {
  it('a list that cannot be loaded is tried again by hand', async () => {
    const page = await open('viewer', '/?mode=test')
    await page.route('**/provider-api/payments*', (route) => route.abort())
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/provider-api/payments*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.table').waitFor()
  })

  it('figures that were there stay while the server fails, and say that they may be old', async () => {
    const page = await open('viewer', '/no-payments?mode=test')
    await page.route('**/provider-api/skips*', (route) =>
      route.fulfill({
        status: 500,
        json: { error: { code: 'internal', message: 'Something went wrong on our side.' } },
      }),
    )
    await page.getByRole('link', { name: 'History' }).click()
    await settled(page)
    // For five seconds what was read is taken for fresh.
    await sleep(5_500)
    await page.getByRole('link', { name: 'Why no payments', exact: true }).click()
    await page.getByText('This may be out of date').waitFor()
    assert.ok((await page.locator('.bars li').count()) > 0)
  })

  it('a form whose sending fails keeps everything', async () => {
    const page = await open('finance', '/balance/top-ups?mode=test')
    await page.route('**/provider-api/top-ups*', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    )
    await page.getByLabel('Amount').fill('77')
    await page.getByLabel('Reference').fill('kept')
    await page.getByRole('button', { name: 'Announce the top-up' }).click()
    await page.getByText('The server cannot be reached.').waitFor()
    assert.equal(await page.getByLabel('Reference').inputValue(), 'kept')
    await page.unroute('**/provider-api/top-ups*')
    await page.getByRole('button', { name: 'Announce the top-up' }).click()
    await page.getByRole('cell', { name: 'kept' }).waitFor()
  })

  it('a page of an older release loads the new one by itself, once', async () => {
    const page = await open('viewer', '/?mode=test')
    let asked = 0
    await page.route('**/assets/history-page-*.js', (route) => {
      asked += 1
      return asked === 1 ? route.fulfill({ status: 404 }) : route.continue()
    })
    await page.getByRole('link', { name: 'History' }).click()
    await settled(page)
    await page.getByRole('heading', { name: 'History' }).waitFor()
    assert.equal(asked, 2)
  })

  it('an address that leads nowhere leads back', async () => {
    const page = await open('viewer', '/?mode=test')
    await page.goto(`${desk.url}/dashboard/nowhere`)
    await page.getByText('There is no such page').waitFor()
    await page.getByRole('link', { name: 'To the overview' }).click()
    await settled(page)
  })
})
