import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../../../../tests/browser.ts'
import { createSimulators, type Simulators } from '../simulators.ts'

let simulators: Simulators
let browser: Browser
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await simulators?.close()
})

async function post(path: string, authorization: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(simulators.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({
      ...body,
      currency: 'USD',
      amount: '1000',
      test: true,
      return_url: `${simulators.url}/control/charges`,
    }),
  })
  return (await answer.json()) as Record<string, unknown>
}

async function challenge(reference: string): Promise<string> {
  const document = await post('/acquirer/payments', 'Bearer sim_key_second', {
    terminal: 'second',
    reference,
    operation: 'charge',
    card: { number: '5123817234060000', exp_month: '12', exp_year: '2049' },
  })
  const { url, params } = document.action as { url: string; params: { creq: string } }
  return `${url}?${new URLSearchParams(params)}`
}

/** The question of a simulated payment, which may also be left. */
async function simulatedChallenge(reference: string): Promise<string> {
  const document = await post('/acquirer/payments', 'Bearer sim_key_second', {
    terminal: 'second',
    reference,
    operation: 'charge',
    card: { number: '4012000000003010', exp_month: '12', exp_year: '2049' },
    simulation: { expected_code: null, scenario: null },
  })
  const { url, params } = document.action as { url: string; params: { creq: string } }
  return `${url}?${new URLSearchParams(params)}`
}

/** A hold with a capture that is done and a cancel that waits. */
async function hold(reference: string): Promise<void> {
  const { id } = await post('/acquirer/payments', 'Bearer sim_key_second', {
    terminal: 'second',
    reference,
    operation: 'authorize',
    card: { number: '5519283812030000', exp_month: '12', exp_year: '2049' },
  })
  simulators.control.setScript('second', { cancels: 'pending' })
  for (const kind of ['captures', 'cancels']) {
    const part = { terminal: 'second', reference: `${reference}-${kind}` }
    await fetch(`${simulators.url}/acquirer/payments/${id}/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sim_key_second', 'idempotency-key': kind },
      body: JSON.stringify({ ...part, currency: 'USD', amount: '250' }),
    })
  }
}

async function orderPage(order: string): Promise<string> {
  const shop = `Basic ${Buffer.from('redirect:sim_webhook_redirect').toString('base64')}`
  return String((await post('/redirect/orders', shop, { order, method: 'paypal', exponent: 2 })).page)
}

test('every page is free of accessibility faults and fits a phone, light and dark', async () => {
  await hold('axe-3')
  const pages = [
    await challenge('axe-1'),
    await simulatedChallenge('axe-4'),
    await orderPage('axe-2'),
    `${simulators.url}/control`,
    `${simulators.url}/control/figures?paused`,
    `${simulators.url}/control/charges`,
  ]
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 740 } })
    for (const url of pages) {
      const page = await context.newPage()
      await page.goto(url)
      const { violations } = await new AxeBuilder({ page }).analyze()
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        [],
        url,
      )
      assert.ok(
        await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
        `${url} is wider than a phone`,
      )
      await page.close()
    }
    await context.close()
  }
})

test('the back button leads to the question again, which then says that it is answered', async () => {
  const context = await browser.newContext({ locale: 'en-GB' })
  const page = await context.newPage()
  const asked = new URL(await challenge('back-1'))
  await page.setContent(`<form method="post" action="${asked.origin}${asked.pathname}">
<input name="creq" value="${asked.searchParams.get('creq')}"><button>Go</button></form>`)
  await page.getByRole('button', { name: 'Go' }).click()
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.waitForURL('**/control/charges')
  await page.goBack()
  assert.equal(await page.locator('h1').textContent(), 'Already answered')
  assert.equal(simulators.control.taken('back-1'), 1000n)
  await context.close()
})

test('the issuer page is answered by keyboard alone, without JavaScript', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(await challenge('keys-1'))
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/control/charges')
  assert.equal(simulators.control.taken('keys-1'), 1000n)
  await context.close()
})

for (const [button, status] of [
  ['Pay', 'approved'],
  ['Decline', 'declined'],
  ['Cancel', 'declined'],
] as const) {
  test(`${button} on the provider page ends the order as ${status}, without JavaScript`, async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto(await orderPage(`press-${button}`))
    await page.getByRole('button', { name: button }).click()
    await page.waitForURL('**/control/charges')
    const entry = simulators.control.ledger().find(({ reference }) => reference === `press-${button}`)
    assert.equal(entry?.status, status)
    await context.close()
  })
}

test('a payer leaves the question, comes back and refuses, without JavaScript', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' })
  const page = await context.newPage()
  const question = await simulatedChallenge('leave-1')
  const statusOf = () => simulators.control.ledger().find(({ reference }) => reference === 'leave-1')?.status
  for (const [button, status] of [
    ['Leave', 'action_required'],
    ['Refuse', 'declined'],
  ] as const) {
    await page.goto(question)
    await page.getByRole('button', { name: button }).click()
    await page.waitForURL('**/control/charges')
    assert.equal(statusOf(), status)
  }
  await context.close()
})

test('a cancel that waits is decided on the page of charges, without JavaScript', async () => {
  await hold('decide-1')
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${simulators.url}/control/charges`)
  const waiting = page.locator('li', { hasText: 'decide-1-cancels' })
  await waiting.getByRole('button', { name: 'Approve' }).click()
  await page.locator('li', { hasText: /cancel 2\.50.*: approved\s+decide-1-cancels/ }).waitFor()
  const entry = simulators.control.ledger().find(({ reference }) => reference === 'decide-1')
  assert.deepEqual([entry?.held_amount, entry?.net_amount], ['500', '250'])
  await context.close()
})

test('a person sets a terminal on the control page, without JavaScript', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${simulators.url}/control`)
  await page.locator('#third summary').click()
  await page.locator('#third select[name=answer]').selectOption('decline')
  await page.locator('#third input[name=code]').fill('91')
  await page.getByRole('button', { name: 'Set third' }).click()
  await page.waitForURL(/saved=third/)
  const { script } = simulators.control.terminals().find(({ name }) => name === 'third') ?? {}
  assert.deepEqual([script?.answer, script?.code], ['decline', '91'])
  await context.close()
})

test('one press takes a terminal down; its figures move by themselves, without JavaScript', async () => {
  simulators.control.reset()
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${simulators.url}/control`)
  const row = page.frameLocator('iframe.figures').locator('li', { hasText: 'second' }).first()
  await row.getByText('0 asked').waitFor()
  await page.locator('#second').getByRole('button', { name: 'Down' }).press('Enter')
  await page.waitForURL(/saved=second/)
  await row.getByText('Down').waitFor()
  await hold('figures-1').catch(() => null)
  await row.getByText('1 unanswered').waitFor()
  assert.equal(await page.locator('#second button[aria-pressed=true]').textContent(), 'Down')
  await context.close()
})
