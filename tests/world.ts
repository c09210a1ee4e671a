/** The whole product in one process for tests: server, workers and simulators on free loopback ports, with the demo world. */
import type { AddressInfo } from 'node:net'
import { demoAccounts } from '../apps/server/demo/accounts.ts'
import type { Config } from '../apps/server/src/config.ts'
import type { Context } from '../apps/server/src/context.ts'
import { demoKeys } from '../apps/server/src/demo/demo-keys.ts'
import { seedDemo } from '../apps/server/src/demo/seed-demo.ts'
import { createServer } from '../apps/server/src/http/server.ts'
import { routeModules } from '../apps/server/src/route-modules.ts'
import { startWork, type Work } from '../apps/server/src/start-work.ts'
import { createSimulators, type Simulators } from '../apps/simulators/src/simulators.ts'
import { testContext } from './context.ts'

export type World = {
  readonly ctx: Context
  readonly url: string
  readonly simulators: Simulators
  /** The first demo merchant. */
  readonly account: {
    readonly id: string
    readonly api_key: string
    readonly test_public_key: string
    readonly test_private_key: string
  }
  /** A call of the private API of the first merchant; the body is sent as JSON. */
  readonly call: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<{ status: number; body: Answer }>
  readonly close: () => Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
export type Answer = any

/** Starts the world. `work: false` leaves the workers out; `now` is the server's clock, the simulators keep their own. */
export async function startWorld(
  options: { config?: Partial<Config>; work?: boolean; now?: () => Date } = {},
): Promise<World> {
  const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  const { ctx, close } = await testContext({
    config: { callback_interval_ms: 200, ...options.config },
    ...(options.now ? { now: options.now } : {}),
  })
  await seedDemo(ctx, { simulators: simulators.url })
  const app = await createServer(ctx, routeModules(ctx.config))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  // The port is known only now; links and return addresses are made of it.
  Object.assign(ctx.config, { public_url: url })
  const work: Work | null = options.work === false ? null : startWork(ctx)
  const first = demoAccounts[0]
  if (!first) throw new Error('the demo world has no merchant')
  const keys = demoKeys(ctx, first)
  const authorization = `Basic ${Buffer.from(`${first.settings.id}:${keys.api_key}`).toString('base64')}`
  return {
    ctx,
    url,
    simulators,
    account: {
      id: first.settings.id,
      api_key: keys.api_key,
      test_public_key: keys.test.public_key,
      test_private_key: keys.test.private_key,
    },
    async call(method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as Answer }
    },
    async close() {
      await app.close()
      await work?.stop()
      await simulators.close()
      await close()
    },
  }
}
