/** People at the dashboard: signing in and out, sessions that end, roles, the team, languages, and hands without a mouse. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { type Desk, openDesk, settled, signIn } from '../dashboard.ts'
import { openPayer, type Payer } from '../payer.ts'
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
    assert.deepEqual(complaints, [], 'the browser complained')
  }
})

async function open(...wish: Parameters<Desk['open']>): Promise<Page> {
  const person = await desk.open(...wish)
  opened.push(person)
  return person.page
}

async function stranger(): Promise<Page> {
  const person = await openPayer(desk.browser, { viewport: { width: 1280, height: 900 } })
  opened.push(person)
  return person.page
}

const pathOf = (page: Page): string => new URL(page.url()).pathname

describe('signing in', () => {
  it('a wrong password is said, and what was typed stays', async () => {
    const page = await stranger()
    await page.goto(`${desk.url}/dashboard/`)
    await page.getByLabel('E-mail').fill(desk.people.owner.email)
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('E-mail or password is wrong.').waitFor()
    assert.equal(await page.getByLabel('E-mail').inputValue(), desk.people.owner.email)
    assert.equal(pathOf(page), '/dashboard/sign-in')
    await page.route('**/provider-api/auth/sign-in/*', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '432' },
        json: { error: { code: 'too_many_requests', message: 'Too many tries.' } },
      }),
    )
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Try again in 7 min 12 sec.').waitFor()
  })

  it('leads to where one wanted to go, with filters and mode', async () => {
    const page = await open('viewer', '/history?mode=test&state=success')
    assert.equal(pathOf(page), '/dashboard/history')
    assert.equal(await page.getByLabel('State', { exact: true }).inputValue(), 'success')
    await page.getByText('Test mode:').waitFor()
  })

  for (const back of ['//evil.example/', 'https://evil.example/', '/\\evil.example', '/sign-in?back=/history']) {
    it(`never leads elsewhere: ${back}`, async () => {
      const page = await stranger()
      await signIn(page, `${desk.url}/dashboard/sign-in?back=${encodeURIComponent(back)}`, desk.people.viewer)
      assert.equal(page.url(), `${desk.url}/dashboard/`)
    })
  }

  it('signing out ends it for the server as well', async () => {
    const page = await open('viewer')
    const before_cookies = await page.context().cookies(`${desk.url}/provider-api/me`)
    assert.ok(before_cookies.length > 0 && before_cookies.every(({ httpOnly }) => httpOnly))
    await page.getByRole('button', { name: /^Menu of/ }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('E-mail').waitFor()
    const cookie = before_cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    assert.equal((await fetch(`${desk.url}/provider-api/me`, { headers: { cookie } })).status, 401)
    await page.goBack()
    await page.getByLabel('E-mail').waitFor()
  })
})

describe('a session that ends while somebody types', () => {
  it('is taken up again on the spot, and nothing typed is lost', async () => {
    const page = await open('finance', '/balance/top-ups?mode=test')
    await page.getByLabel('Amount').fill('250,75')
    await page.getByLabel('Reference').fill('transfer 42')
    await desk.ctx.sql`delete from auth_session`
    await page.getByRole('button', { name: 'Announce the top-up' }).click()
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
    await dialog.waitFor()
    assert.equal(await dialog.getByLabel('E-mail').inputValue(), desk.people.finance.email)
    await page.keyboard.press('Escape')
    assert.ok(await dialog.isVisible(), 'what is behind it cannot be used')
    await dialog.getByLabel('Password', { exact: true }).fill(desk.people.finance.password)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.equal(await page.getByLabel('Amount').inputValue(), '250,75')
    assert.equal(await page.getByLabel('Reference').inputValue(), 'transfer 42')
    await page.getByRole('button', { name: 'Announce the top-up' }).click()
    await page.getByText('transfer 42').waitFor()
    const [order] = await desk.ctx.sql`select amount_minor from provider_top_ups where reference = 'transfer 42'`
    assert.equal(order?.amount_minor, 250_750_000n)
  })
})

describe('roles', () => {
  it('a viewer sees all and can change nothing', async () => {
    const page = await open('viewer')
    for (const path of ['/balance/top-ups', '/balance/withdrawals', '/settings', '/console', '/team']) {
      await page.goto(`${desk.url}/dashboard${path}?mode=test`)
      await settled(page)
      await page.locator('.not-allowed').first().waitFor()
      const buttons = page.locator('#content form button[type="submit"]')
      assert.equal(await buttons.count(), 0, `${path} offers a viewer to change something`)
    }
    assert.equal(await page.getByRole('link', { name: 'Team' }).count(), 0)
    await page.goto(`${desk.url}/dashboard/balance/top-ups`)
    await settled(page)
    await page.getByRole('link', { name: 'Who may do what' }).click()
    await page.getByRole('heading', { name: 'Who may do what' }).waitFor()
    assert.match((await page.getByRole('row', { name: /Answer appeals/ }).textContent()) ?? '', /messagesyesyesnono$/)
  })

  for (const [role, mine, others] of [
    ['finance', ['/balance/top-ups', '/balance/withdrawals'], ['/settings', '/console', '/team']],
    ['trading', ['/console'], ['/balance/top-ups', '/balance/withdrawals', '/team']],
  ] as const) {
    it(`${role} is offered what it may do, and nothing else`, async () => {
      const page = await open(role)
      const submits = page.locator('#content form button[type="submit"]')
      for (const path of [...mine, ...others]) {
        await page.goto(`${desk.url}/dashboard${path}?mode=test`)
        await settled(page)
        const isMine = (mine as readonly string[]).includes(path)
        if (!isMine) await page.locator('.not-allowed').first().waitFor()
        assert.equal((await page.locator('.not-allowed').count()) === 0, isMine, `${role} ${path}`)
        if (!isMine) assert.equal(await submits.count(), 0, `${role} is offered ${path}`)
      }
    })
  }

  it('what the server refuses is explained', async () => {
    const page = await open('viewer')
    await page.route('**/provider-api/skips*', (route) =>
      route.fulfill({ status: 403, json: { error: { code: 'forbidden', message: 'Your role, viewer, may not.' } } }),
    )
    await page.getByRole('link', { name: 'Why no payments', exact: true }).click()
    await page.getByText('This is not for your role').waitFor()
    await page.getByText('Ask an owner of your team').waitFor()
  })
})

describe('the team', () => {
  it('somebody new signs in with the password that is shown once, and is out when taken off', async () => {
    const page = await open('owner', '/team')
    const form = page.locator('form')
    await form.getByRole('button', { name: 'Add a person' }).click()
    await form.getByText('Please fill this in').waitFor()
    await form.getByLabel('Name').fill('Taras')
    await form.getByLabel('E-mail').fill(desk.people.owner.email)
    await form.getByLabel('Role').selectOption('finance')
    await form.getByRole('button', { name: 'Add a person' }).click()
    await page.getByText('Somebody signs in with this e-mail already.').waitFor()
    assert.equal(await form.getByLabel('Name').inputValue(), 'Taras', 'what was typed stays')
    await form.getByLabel('E-mail').fill('taras@desk.example')
    await form.getByRole('button', { name: 'Add a person' }).click()
    const password = (await page.locator('.secret-value').textContent()) ?? ''
    assert.ok(password.length >= 12)
    await page.getByRole('button', { name: 'I have kept it' }).click()
    assert.equal(await page.getByText(password).count(), 0)
    await page.getByText('Person added').waitFor()

    const his = await stranger()
    await signIn(his, `${desk.url}/dashboard/balance/top-ups`, { email: 'taras@desk.example', password })
    await his.getByLabel('Reference').waitFor()
    const row = page.getByRole('row', { name: /taras@desk\.example/ }).first()
    await row.getByRole('button', { name: 'Take off' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take off' }).click()
    await row.getByText('off the team').waitFor()
    await his.reload()
    await his.getByLabel('Password', { exact: true }).fill(password)
    await his.getByLabel('E-mail').fill('taras@desk.example')
    await his.getByRole('button', { name: 'Sign in' }).click()
    await his.getByText('E-mail or password is wrong.').waitFor()
  })

  it('a role that cannot be taken goes back to what it was, and why is said', async () => {
    await desk.ctx
      .sql`update provider_people set active = false where role = 'owner' and user_id not in (select id from auth_user where email = ${desk.people.owner.email})`
    const page = await open('owner', '/team')
    const own = page.getByLabel(`Role of ${desk.people.owner.email}`)
    await own.selectOption('viewer')
    await page.getByText('At least one active owner must be left.').waitFor()
    await until('the list shows the role that is kept', async () => (await own.inputValue()) === 'owner')
  })
})

describe('my password', () => {
  it('is changed with the one before, and the new one works', async () => {
    const { email, password } = desk.people.trading
    const page = await open('trading', '/password')
    await page.getByLabel('Current password').fill('something else')
    await page.getByLabel('New password').fill('short')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.locator('[class*="Input-error"]').getByText('At least 12 characters').waitFor()
    await page.getByLabel('New password').fill('a longer new password')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('This is not your current password').waitFor()
    assert.equal(await page.getByLabel('New password').inputValue(), 'a longer new password')
    await page.getByLabel('Current password').fill(password)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('The password is changed.').waitFor()
    const again = await stranger()
    await signIn(again, `${desk.url}/dashboard/`, { email, password: 'a longer new password' })
    await again.getByRole('heading', { name: 'Overview' }).waitFor()
  })
})

describe('languages and colours', () => {
  it('follow the browser, are chosen in the menu, and stay', async () => {
    const page = await open('viewer', '/', { locale: 'uk-UA', colorScheme: 'dark' })
    await page.getByRole('heading', { name: 'Огляд' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'uk')
    assert.equal(await page.locator('html').getAttribute('data-mantine-color-scheme'), 'dark')
    await page.getByRole('button', { name: /^Меню:/ }).click()
    await page.getByRole('radio', { name: 'Русский' }).click()
    await page.getByRole('heading', { name: 'Обзор' }).waitFor()
    await page.getByRole('radio', { name: 'Светлые' }).click()
    await page.reload()
    await page.getByRole('heading', { name: 'Обзор' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('data-mantine-color-scheme'), 'light')
  })
})

describe('by keyboard only', () => {
  it('somebody signs in, skips the navigation, and announces a top-up', async () => {
    const page = await stranger()
    await page.goto(`${desk.url}/dashboard/balance/top-ups?mode=test`)
    await page.getByLabel('E-mail').waitFor()
    await page.keyboard.type(desk.people.finance.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(desk.people.finance.password)
    await page.keyboard.press('Enter')
    await settled(page)
    await page.keyboard.press('Tab')
    assert.equal(await focused(page), 'Skip to the content')
    await page.keyboard.press('Enter')
    await tabTo(page, 'input[inputmode="decimal"]')
    await page.keyboard.type('10.5')
    await page.keyboard.press('Tab')
    await page.keyboard.type('by keyboard')
    await page.keyboard.press('Enter')
    await page.getByRole('cell', { name: 'by keyboard' }).waitFor()
  })

  it('a question is asked in a dialog that keeps the focus and gives it back', async () => {
    const page = await open('finance', '/balance/top-ups?mode=test')
    const button = page.getByRole('button', { name: 'Cancel it' }).first()
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press('Tab')
      assert.ok(await page.evaluate('document.activeElement?.closest("[role=dialog]") !== null'))
    }
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await until('the button has the focus again', async () => (await focused(page)) === 'Cancel it')
  })

  const focused = (page: Page): Promise<unknown> => page.evaluate('document.activeElement?.textContent')

  async function tabTo(page: Page, selector: string): Promise<void> {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab')
      if (await page.locator(`${selector}:focus`).count()) return
    }
    assert.fail(`Tab never reaches ${selector}`)
  }
})
