import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../../../../tests/browser.ts'
import { createSimulators, type Simulators } from '../simulators.ts'
import { callDesk } from './call-desk.ts'

let simulators: Simulators
let browser: Browser
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1', seed: 1 })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await simulators?.close()
})

const { create, issued, send, statusOf } = callDesk(() => simulators)

test('the desks are free of accessibility faults and fit a phone, light and dark', async () => {
  const id = await issued()
  await send('CREATE_APPEAL', { id, amount: '4000', url: 'http://127.0.0.1:1/r.pdf' })
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 740 } })
    const page = await context.newPage()
    await page.goto(`${simulators.url}/control/traders`)
    const { violations } = await new AxeBuilder({ page }).analyze()
    assert.deepEqual(
      violations.map(({ id: rule, nodes }) => `${rule}: ${nodes[0]?.html}`),
      [],
    )
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'wider than a phone')
    await context.close()
  }
})

test('without scripts in the browser, a desk is told to refuse and a payment is marked paid', async () => {
  const id = await issued()
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${simulators.url}/control`)
  await page.getByRole('link', { name: 'Trader desks' }).click()
  await page.locator('tr', { hasText: id }).getByRole('button', { name: 'Paid' }).click()
  assert.equal(await statusOf(id), 'success')
  const desk = page.locator('#volga')
  await desk.getByLabel('Next payments').selectOption('refuse')
  await desk.getByRole('button', { name: 'Set volga' }).click()
  assert.equal((await create()).status, 409)
  await desk.getByRole('button', { name: 'Forget the scripts' }).click()
  assert.equal((await create()).status, 201)
  await context.close()
})
