/** The keys of the demo world, as the platform hands them out in its demo mode. */

type ModeKeys = { readonly public_key: string; readonly private_key: string }

export type DemoAccount = {
  readonly id: string
  readonly name: string
  readonly api_key: string
  readonly test: ModeKeys
  readonly live: ModeKeys
}

/** A credential of the Card API. */
export type DemoShop = {
  readonly shop_id: number
  readonly name: string
  readonly secret: string
  /** PEM. */
  readonly public_key: string
}

/** A cascade provider's way into its dashboard. */
export type DemoProvider = {
  readonly id: string
  readonly name: string
  /** An e-mail, whose host begins with the name of the provider's desk. */
  readonly login: string
  readonly password: string
}

export type DemoCredentials = {
  readonly accounts: readonly DemoAccount[]
  readonly shops: readonly DemoShop[]
  readonly providers: readonly DemoProvider[]
}

const remembered_ms = 5000
const timeout_ms = 5000

/** Reads the keys of the platform at `cascad_url`, at most every few seconds. Rejects when the platform cannot be reached. */
export function demoCredentials(cascad_url: string): () => Promise<DemoCredentials> {
  let last: { readonly at: number; readonly value: DemoCredentials } | null = null
  return async () => {
    if (last && performance.now() - last.at < remembered_ms) return last.value
    const answer = await fetch(`${cascad_url}/demo/credentials.json`, {
      signal: AbortSignal.timeout(timeout_ms),
      redirect: 'error',
    })
    if (!answer.ok) throw new Error(`The platform answered ${answer.status} when asked for the demo keys.`)
    const value = (await answer.json()) as DemoCredentials
    last = { at: performance.now(), value }
    return value
  }
}
