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
  await page.locator('li', { hasText: id }).first().getByRole('button', { name: 'Paid' }).click()
  assert.equal(await statusOf(id), 'success')
  const desk = page.locator('#volga')
  await desk.getByText('By hand').click()
  await desk.getByLabel('Next payments').selectOption('refuse')
  await desk.getByRole('button', { name: 'Set volga' }).click()
  assert.equal((await create()).status, 409)
  await desk.getByText('By hand').click()
  await desk.getByRole('button', { name: 'Forget the scripts' }).click()
  assert.equal((await create()).status, 201)
  await context.close()
})

test('a preset holds for all next payments, shows as pressed, and the amounts decide again after it', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${simulators.url}/control/traders`)
  const pressed = () => page.locator('#volga button[aria-pressed=true]').allInnerTexts()
  assert.deepEqual(await pressed(), ['By amount'])
  await page.locator('#volga').getByRole('button', { name: 'No requisites' }).click()
  assert.deepEqual(await pressed(), ['No requisites'])
  for (let i = 0; i < 3; i += 1) assert.equal((await create()).status, 409)
  await page.locator('#volga').getByRole('button', { name: 'By amount' }).click()
  assert.deepEqual(await pressed(), ['By amount'])
  assert.equal((await create()).status, 201)
  await context.close()
})

test('an appeal is judged on the page, which says that the platform cannot be told', async () => {
  const id = await issued()
  await send('CREATE_APPEAL', { id, amount: '4000', url: 'http://127.0.0.1:1/r.pdf' })
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${simulators.url}/control/traders`)
  const item = page.locator('#volga .items li', { hasText: 'claimed of 3900' }).first()
  assert.match(await item.innerText(), /4000 RUB claimed of 3900 open/)
  assert.match(await item.innerText(), /no verdict yet/)
  await item.getByLabel('Reason of a rejection').selectOption('wrong_requisites')
  await item.getByRole('button', { name: 'Reject' }).click()
  const said = /the desk says reject \(wrong_requisites\), the platform is being told/
  assert.match(await item.innerText(), said)
  const told = () => simulators.desks.appeals('volga').at(-1)?.told
  for (let looks = 0; looks < 100 && told()?.text === 'about to be told'; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.equal(told()?.state, 'waiting')
  assert.match(told()?.text ?? '', /^it cannot be reached/)
  await context.close()
})
