/** A full Context on a database of its own, as the server builds it. */
import { type Config, readConfig } from '../apps/server/src/config.ts'
import { type Context, createContext } from '../apps/server/src/context.ts'
import { faces } from '../apps/server/src/faces.ts'
import { testDatabase } from './database.ts'

export type TestContext = {
  readonly ctx: Context
  readonly database_url: string
  readonly close: () => Promise<void>
}

/** `config` overrides single settings of the demo configuration; `now` replaces the clock. */
export async function testContext(options: { config?: Partial<Config>; now?: () => Date } = {}): Promise<TestContext> {
  const database = await testDatabase()
  const config = {
    ...readConfig({ PORT: '0', CASCAD_LOG: process.env.CASCAD_TEST_LOG ?? 'silent' }),
    database_connections: 8,
    ...options.config,
  }
  const ctx = await createContext({
    config,
    database_url: database.url,
    secret_key: Buffer.alloc(32, 7),
    faces,
    ...(options.now ? { now: options.now } : {}),
  })
  return {
    ctx,
    database_url: database.url,
    async close() {
      await ctx.close()
      await database.close()
    },
  }
}
