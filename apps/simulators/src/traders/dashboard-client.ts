/** The platform's dashboard of providers, used as its page uses it: sign in, keep the cookie, ask. */
import type { DemoCredentials } from '../demo-credentials.ts'

export type Answer = { readonly status: number; readonly document: unknown }

/** Rejects when the platform cannot be reached, or knows nobody of that desk. */
export type Ask = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Answer>

export class NoLogin extends Error {}

export type DashboardOptions = {
  readonly cascad_url: string
  readonly credentials: () => Promise<DemoCredentials>
  /** Ends every call. */
  readonly signal: AbortSignal
}

const timeout_ms = 15_000

/** `ask` acts for whoever runs the desk; each desk signs in once and again when its session is over. */
export function openDashboard(options: DashboardOptions): (desk: string) => Ask {
  const cookies = new Map<string, string>()
  return (desk) => async (method, path, body) => {
    const cookie = cookies.get(desk) ?? (await signIn(options, desk))
    cookies.set(desk, cookie)
    const answer = await send(options, method, path, body, cookie)
    if (answer.status === 401) cookies.delete(desk)
    return { status: answer.status, document: await answer.json().catch(() => null) }
  }
}

async function signIn(options: DashboardOptions, desk: string): Promise<string> {
  const { providers } = await options.credentials()
  const known = providers.find(({ login }) => login.split('@')[1]?.split('.')[0] === desk)
  if (!known) throw new NoLogin(`the platform has no login for the desk ${desk}`)
  const { login: email, password } = known
  const answer = await send(options, 'POST', '/auth/sign-in/email', { email, password })
  await answer.arrayBuffer()
  if (answer.status !== 200) throw new Error(`signing in was answered with ${answer.status}`)
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

function send({ cascad_url, signal }: DashboardOptions, method: string, path: string, body?: object, cookie?: string) {
  return fetch(`${cascad_url}/provider-api${path}`, {
    method,
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout_ms)]),
    headers: {
      ...(cookie && { cookie }),
      ...(method === 'POST' && { 'content-type': 'application/json', origin: new URL(cascad_url).origin }),
    },
    ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
  })
}
