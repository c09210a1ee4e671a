/** A payer with a real browser in the world of the tests: opens pages, pays, looks, takes pictures. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { World } from './world.ts'

export const cards = {
  three_ds: '5123817234060000',
  approved: '5519283812030000',
  three_ds_declined: '4412397212080000',
  declined: '4302912837020000',
} as const

export type Payer = {
  readonly context: BrowserContext
  readonly page: Page
  /** What the browser complained about: broken policies, errors of scripts, failed requests of our own. */
  readonly complaints: readonly string[]
  readonly close: () => Promise<void>
}

/** A fresh browser profile: English and light unless `options` say otherwise. */
export async function openPayer(browser: Browser, options: BrowserContextOptions = {}): Promise<Payer> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text())
  })
  return { context, page, complaints, close: () => context.close() }
}

/** Creates a payment over the private API and returns its attributes with its id. */
export async function createPayment(world: World, wish: Record<string, unknown> = {}) {
  const { status, body } = await world.call('POST', '/payment-invoices', {
    amount: 100,
    currency: 'USD',
    service: 'payment_card_usd_hpp',
    test_mode: true,
    ...wish,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return {
    id: body.data.id as string,
    hpp_url: body.data.attributes.hpp_url as string,
    attributes: body.data.attributes,
  }
}

export async function readPayment(world: World, id: string) {
  const { body } = await world.call('GET', `/payment-invoices/${id}`)
  return body.data.attributes
}

/** Which page of ours is open: `card`, `waiting`, `paid`, … */
export function viewOf(page: Page): Promise<string | null> {
  return page.locator('body').getAttribute('data-view')
}

export async function waitForView(page: Page, view: string): Promise<void> {
  await page.locator(`body[data-view="${view}"]`).waitFor({ timeout: 20_000 })
}

/** Types a card as a person does. */
export async function fillCard(page: Page, number: string, expiry = '1228', cvv = '123'): Promise<void> {
  await page.locator('#card_number').fill('')
  await page.locator('#card_number').pressSequentially(number)
  await page.locator('#expiry').fill('')
  await page.locator('#expiry').pressSequentially(expiry)
  await page.locator('#cvv').fill('')
  await page.locator('#cvv').pressSequentially(cvv)
}

export async function submitCard(page: Page): Promise<void> {
  await page.locator('.card-form button.primary').click()
}

/** Nothing that axe finds, at any impact. */
export async function assertAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  assert.deepEqual(found, [], `${name} is not accessible`)
}

/** The charges that the simulated providers took for a payment, all gateways together. */
export function chargesOf(world: World, payment_id: string) {
  const serial = payment_id.slice('cpi_'.length)
  return world.simulators.control.ledger().filter(({ reference }) => reference.startsWith(serial))
}

const folder = fileURLToPath(new URL('../artefacts/checkout/', import.meta.url))

/** Keeps a picture of the whole page under `artefacts/checkout/`. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}${name}.png`, fullPage: true, animations: 'disabled' })
}
