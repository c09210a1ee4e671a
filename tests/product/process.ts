/** One process of the product for tests: an API or a worker on a given database, without simulators of its own. */
import { writeHeapSnapshot } from 'node:v8'
import { readConfig } from '../../apps/server/src/config.ts'
import { createContext } from '../../apps/server/src/context.ts'
import { faces } from '../../apps/server/src/faces.ts'
import { createServer } from '../../apps/server/src/http/server.ts'
import { stopRuns } from '../../apps/server/src/payments/running.ts'
import { routeModules } from '../../apps/server/src/route-modules.ts'
import { startWork } from '../../apps/server/src/start-work.ts'

const config = readConfig(process.env)
const { database_url, secret_key } = config
if (!database_url || !secret_key) throw new Error('a process of the product needs DATABASE_URL and CASCAD_SECRET_KEY')
const ctx = await createContext({ config, database_url, secret_key, faces })
process.on('unhandledRejection', (error) => ctx.events.fault('unhandled rejection', error))

const app = config.role === 'worker' ? null : await createServer(ctx, routeModules(config))
await app?.listen({ host: config.host, port: config.port })
const work = config.role === 'api' ? null : startWork(ctx)

async function stop(): Promise<void> {
  await Promise.all([app?.close(), work?.stop(), stopRuns(ctx)])
  await ctx.close()
  process.exit(0)
}

process.on('SIGTERM', stop)
// Whoever started this is gone: nobody would stop it any more.
process.on('disconnect', () => process.exit(1))
process.on('message', ({ heap_snapshot }: { heap_snapshot: string }) => {
  globalThis.gc?.()
  process.send?.({ heap_snapshot: writeHeapSnapshot(heap_snapshot) })
})
process.send?.({ ready: true })
