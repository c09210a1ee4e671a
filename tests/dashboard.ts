/** The world of the tests with a provider whose people sit at the dashboard in real browsers, and payments beside them. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { demoAccounts } from '../apps/server/demo/accounts.ts'
import { demoProviders } from '../apps/server/demo/providers.ts'
import type { Appeal } from '../apps/server/src/appeals/appeal.ts'
import { listAppealsOfPayment } from '../apps/server/src/appeals/find-appeal.ts'
import { openAppeal } from '../apps/server/src/appeals/open-appeal.ts'
import { sampleReceipt } from '../apps/server/src/appeals/sample-files.ts'
import type { Context } from '../apps/server/src/context.ts'
import { buildDashboard } from '../apps/server/src/dashboard/build-dashboard.ts'
import { dashboardFolder } from '../apps/server/src/dashboard/dashboard-folder.ts'
import { demoKeys } from '../apps/server/src/demo/demo-keys.ts'
import { findPayment } from '../apps/server/src/payments/find-payment.ts'
import { addPerson } from '../apps/server/src/provider-api/add-person.ts'
import { type Role, roles } from '../apps/server/src/provider-api/person.ts'
import { forgetRouting } from '../apps/server/src/routing/load-routing.ts'
import { openBrowser } from './browser.ts'
import { openPayer, type Payer } from './payer.ts'
import { until } from './product/time.ts'
import { startWorld, type World } from './world.ts'

export const [provider, stranger] = demoProviders as [(typeof demoProviders)[number], (typeof demoProviders)[number]]
const account_id = 'coma_DemoVolnaTravels'

export type Desk = {
  readonly world: World
  readonly ctx: Context
  readonly url: string
  readonly browser: Browser
  readonly people: Readonly<Record<Role, { readonly email: string; readonly password: string }>>
  /** A browser of its own with the person signed in at the overview, in test mode, unless another path is said. */
  readonly open: (role: Role, path?: string, options?: BrowserContextOptions) => Promise<Payer>
  /** A test payment whose search has ended; its attempt here. `step` = what the provider does with it. */
  readonly payment: (
    step?: string,
    wish?: Record<string, unknown>,
  ) => Promise<{ readonly id: string; readonly attempt_id: string }>
  readonly pay: (attempt_id: string) => Promise<void>
  readonly expire: (attempt_id: string) => Promise<void>
  /** Of a payment that ended; the provider has been told. */
  readonly appeal: (payment_id: string, amount_minor?: bigint) => Promise<Appeal>
  readonly stateOf: (attempt_id: string) => Promise<string>
  readonly close: () => Promise<void>
}

export async function openDesk(): Promise<Desk> {
  await buildDashboard(dashboardFolder)
  const world = await startWorld()
  const browser = await openBrowser()
  const { ctx, url } = world
  const { desks } = world.simulators
  // Every payment by transfer is this provider's, so that each step is where the test looks.
  await ctx.sql`update gateways set status = 'off' where gateway_id in (420, 520, ${stranger.test_gateway_id}, ${stranger.live_gateway_id})`
  forgetRouting(ctx)
  const added = await Promise.all(
    roles.map(async (role) => {
      const given = { name: `Olena Kovalenko-Petrova, ${role}`, email: `${role}@desk.example`, role }
      const person = await addPerson(ctx, provider.id, given, 'test')
      assert.ok(person)
      return [role, { email: given.email, password: person.initial_password }] as const
    }),
  )
  const people = Object.fromEntries(added) as Desk['people']
  const account = demoAccounts.find(({ settings }) => settings.id === account_id)
  assert.ok(account)
  const authorization = `Basic ${Buffer.from(`${account_id}:${demoKeys(ctx, account).api_key}`).toString('base64')}`

  const stateOf = async (attempt_id: string): Promise<string> => {
    const [row] = await ctx.sql<
      { state: string }[]
    >`select state from provider_payments where attempt_id = ${attempt_id}`
    return row?.state ?? 'missing'
  }
  const untilState = (attempt_id: string, ...states: string[]): Promise<void> =>
    until(`${attempt_id} is ${states.join(' or ')}`, async () => states.includes(await stateOf(attempt_id)))

  return {
    world,
    ctx,
    url,
    browser,
    people,
    stateOf,
    async open(role, path = '/?mode=test', options = {}) {
      const payer = await openPayer(browser, {
        viewport: { width: 1280, height: 900 },
        reducedMotion: 'reduce',
        ...options,
      })
      await signIn(payer.page, `${url}/dashboard${path}`, people[role])
      return payer
    },
    async payment(step = 'issue', wish = {}) {
      desks.script(provider.desk, { steps: [step] })
      const given = { amount: 3900, currency: 'RUB', service: 'card_transfer_rub_invoice', test_mode: true }
      const response = await fetch(`${url}/api/payment-invoices`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ ...given, ...wish }),
      })
      const answer = (await response.json()) as { data: { id: string } }
      assert.equal(response.status, 201, JSON.stringify(answer))
      const { id } = answer.data
      let attempt_id = ''
      await until('the provider was asked', async () => {
        const [row] = await ctx.sql<{ attempt_id: string; state: string }[]>`
          select attempt_id, state from provider_payments where payment_id = ${id} and provider_id = ${provider.id}`
        attempt_id = row?.attempt_id ?? ''
        return row !== undefined && row.state !== 'requested'
      })
      return { id, attempt_id }
    },
    async pay(attempt_id) {
      const order = desks.payments(provider.desk).find(({ idempotency_key }) => idempotency_key === attempt_id)
      assert.ok(order)
      desks.setPayment(provider.desk, order.id, { status: 'success' })
      await ctx.sql`update provider_payments set poll_at = now() where attempt_id = ${attempt_id} and poll_at is not null`
      await untilState(attempt_id, 'success')
    },
    async expire(attempt_id) {
      await ctx.sql`
        update provider_payments set expires_at = now() - interval '2 minutes', finalise_at = now() - interval '1 second', poll_at = now()
        where attempt_id = ${attempt_id} and state = 'issued'`
      await untilState(attempt_id, 'expired')
    },
    async appeal(payment_id, amount_minor) {
      const payment = await findPayment(ctx, account_id, payment_id)
      assert.ok(payment)
      const opened = await openAppeal(
        ctx,
        payment,
        { side: 'merchant', name: 'Volna Travels', ip: '192.0.2.1' },
        {
          reason: amount_minor === undefined ? 'not_credited' : 'wrong_amount',
          amount_minor: amount_minor ?? null,
          comment: 'The payer shows the transfer of yesterday in his bank, with the number of your card.',
          receipt: sampleReceipt,
        },
      )
      assert.ok(opened.opened)
      const newest = async (): Promise<Appeal | undefined> =>
        (await listAppealsOfPayment(ctx.sql, account_id, payment_id)).at(-1)
      await until('the provider has the appeal', async () => (await newest())?.state === 'submitted')
      const appeal = await newest()
      assert.ok(appeal)
      return appeal
    },
    async close() {
      await browser.close()
      await world.close()
    },
  }
}

/** Opens an address as nobody, signs in on the page that comes, and is where the address leads. */
export async function signIn(page: Page, address: string, who: { email: string; password: string }): Promise<void> {
  await page.goto(address)
  await page.locator('input[type="email"]').fill(who.email)
  await page.locator('input[type="password"]').fill(who.password)
  await page.locator('form button[type="submit"]').click()
  await settled(page)
}

/** The page is there: its heading, and nothing that still waits. */
export async function settled(page: Page): Promise<void> {
  await page.locator('#content h1').waitFor()
  await page.locator('.waiting').first().waitFor({ state: 'detached' })
}

const folder = fileURLToPath(new URL('../artefacts/dashboard/', import.meta.url))

/** Keeps a picture of the whole page under `artefacts/dashboard/`. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}${name}.png`, fullPage: true, animations: 'disabled' })
}
