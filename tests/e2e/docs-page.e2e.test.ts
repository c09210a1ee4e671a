/** The page that shows the API, in a real browser: it works under its own Content-Security-Policy. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../browser.ts'
import { startWorld, type World } from '../world.ts'

let world: World
let browser: Browser
before(async () => {
  world = await startWorld({ work: false })
  browser = await openBrowser()
})
after(async () => {
  await browser.close()
  await world.close()
})

test('the page lists the operations, sends one, and asks nobody else for anything', async () => {
  const page = await browser.newPage()
  const complaints: string[] = []
  const elsewhere: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(String(error)))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== world.url) elsewhere.push(request.url())
  })
  await page.goto(`${world.url}/docs`)
  const operation = page.locator('.opblock', { hasText: 'Is the process alive?' })
  await operation.locator('.opblock-summary-control').click()
  await operation.getByRole('button', { name: 'Try it out' }).click()
  await operation.getByRole('button', { name: 'Execute' }).click()
  await operation.locator('.live-responses-table', { hasText: '"status": "ok"' }).waitFor()
  assert.ok((await page.locator('.opblock').count()) > 25)
  assert.deepEqual(complaints, [])
  assert.deepEqual(elsewhere, [])
})
