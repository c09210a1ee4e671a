/** For tests: a provider with a person of every role, and a browser that is signed in over HTTP. */
import assert from 'node:assert/strict'
import { createProvider } from '../cascades/create-provider.ts'
import type { Provider } from '../cascades/provider.ts'
import type { Context } from '../context.ts'
import { addPerson } from './add-person.ts'
import { type Role, roles } from './person.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
export type Document = any
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Document
}

/** A browser at the dashboard: keeps its cookies and names its origin. */
export type Browser = {
  readonly cookies: Map<string, string>
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
  readonly get: (path: string) => Promise<Answer>
  readonly post: (path: string, body?: unknown) => Promise<Answer>
}

export function openBrowser(url: string): Browser {
  const cookies = new Map<string, string>()
  const call: Browser['call'] = async (method, path, body, more = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const reply = await fetch(`${url}/provider-api${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(method === 'GET' ? {} : { origin: url, 'content-type': 'application/json' }),
        ...more,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    for (const line of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (!name) continue
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value!)
    }
    const text = await reply.text()
    const json = (reply.headers.get('content-type') ?? '').startsWith('application/json')
    return { status: reply.status, headers: reply.headers, text, body: json ? JSON.parse(text) : null }
  }
  return {
    cookies,
    call,
    get: (path) => call('GET', path),
    post: (path, body = {}) => call('POST', path, body),
  }
}

export async function signIn(url: string, who: { email: string; password: string }): Promise<Browser> {
  const browser = openBrowser(url)
  const { email, password } = who
  const answer = await browser.post('/auth/sign-in/email', { email, password })
  assert.equal(answer.status, 200, answer.text)
  return browser
}

export type SampleTeam = {
  readonly provider: Provider
  readonly people: Readonly<Record<Role, { readonly id: string; readonly email: string; readonly password: string }>>
}

/** `name` must be unique: it is part of the e-mails. */
export async function sampleTeam(ctx: Context, name: string): Promise<SampleTeam> {
  const provider = await createProvider(ctx, {
    name,
    settlement_currency: 'USDT',
    settlement_scale: 6,
    low_balance_alert_minor: 0n,
  })
  const added = await Promise.all(
    roles.map(async (role) => {
      const given = { name: `${name} ${role}`, email: `${role}@${name}.example`, role }
      const done = await addPerson(ctx, provider.id, given, 'test')
      assert.ok(done)
      return [role, { id: done.person.id, email: done.person.email, password: done.initial_password }] as const
    }),
  )
  return { provider, people: Object.fromEntries(added) as SampleTeam['people'] }
}

export type Served = { readonly url: string; readonly close: () => Promise<void> }
