/** `npm start`: brings everything up in order, top to bottom, and takes it down in the opposite order. */
import type { FastifyInstance } from 'fastify'
import { ConfigError, readConfig } from './config.ts'
import { type Context, createContext } from './context.ts'
import { migrate } from './database/migrate.ts'
import { secretKey } from './database/secret-key.ts'
import { seedDemo } from './demo/seed-demo.ts'
import { faces } from './faces.ts'
import type { RouteModule } from './http/routes.ts'
import { createServer } from './http/server.ts'
import { stopRuns } from './payments/running.ts'
import { routeModules } from './route-modules.ts'
import { alone } from './start/alone.ts'
import { banner } from './start/banner.ts'
import { checkSecretKey } from './start/check-secret-key.ts'
import { closeServer } from './start/close-server.ts'
import { type RunningBuild, startDashboardBuild } from './start/dashboard-build.ts'
import { type OpenDatabase, openDatabase } from './start/open-database.ts'
import { claimPorts, explainPort } from './start/ports.ts'
import { say, step } from './start/say.ts'
import { handleSignals } from './start/shut-down.ts'
import { type RunningSimulators, startSimulators } from './start/simulators.ts'
import { codeOf, StartProblem } from './start-problem.ts'
import { startWork, type Work } from './start-work.ts'

/** What runs so far, so that a signal during the start stops exactly that. */
const running: {
  database?: OpenDatabase
  simulators?: RunningSimulators
  ctx?: Context
  app?: FastifyInstance
  work?: Work
  dashboard?: RunningBuild
} = {}

const shutDown = handleSignals({
  async stop() {
    const { app, work, ctx, simulators, database, dashboard } = running
    dashboard?.stop()
    // Callers get their answers and payments in flight write what they learnt; providers and database stay up for that.
    await Promise.all([app && closeServer(app), work?.stop(), ctx && stopRuns(ctx)])
    await ctx?.close()
    await simulators?.stop()
    await database?.stop()
  },
  kill() {
    running.dashboard?.stop()
    running.simulators?.kill()
    running.database?.kill()
  },
})

async function start(): Promise<void> {
  const config = await claimPorts(readConfig(process.env))
  const demo = config.mode === 'demo' && config.role !== 'worker'

  const database = await openDatabase(config)
  running.database = database
  database.died.then((why) => shutDown.begin(why, 1))
  await step('Migrating the database', () => migrate(database.url))

  const ctx = await createContext({ config, database_url: database.url, secret_key: secretKey(config), faces })
  running.ctx = ctx
  process.on('unhandledRejection', (error) => ctx.events.fault('unhandled rejection', error))

  await checkSecretKey(ctx)

  if (demo) {
    const simulators = await step('Starting the simulators', () => startSimulators(config, say))
    running.simulators = simulators
    await step('Making the demo world', () =>
      alone(database.url, () =>
        seedDemo(ctx, {
          simulators: simulators.url,
          callbacks: `${simulators.url}/shop/callbacks`,
          notifications: `${simulators.url}/shop/notifications`,
        }),
      ),
    )
  }
  running.dashboard = startDashboardBuild(config)
  if (config.role !== 'worker') await listen(ctx, routeModules(config, running.dashboard), config.port, 'PORT')
  else if (config.worker_port !== null) await listen(ctx, [], config.worker_port, 'CASCAD_WORKER_PORT')
  if (config.role !== 'api') running.work = startWork(ctx)
  say(banner(config))
}

/** Serves the modules' routes; health and metrics are there in any case. */
async function listen(ctx: Context, modules: readonly RouteModule[], port: number, setting: string): Promise<void> {
  const { host } = ctx.config
  running.app = await createServer(ctx, modules)
  await running.app.listen({ host, port }).catch((error: unknown) => {
    throw explainPort(error, host, port, setting)
  })
}

/** One sentence for what the person can mend; the whole error for what we must. */
function explain(error: unknown): string {
  if (error instanceof StartProblem || error instanceof ConfigError) return `Cascad cannot start. ${error.message}`
  if (codeOf(error) === '53100' || codeOf(error) === 'ENOSPC') {
    return 'Cascad cannot start. The disk of the database is full: free some space and start again; nothing is lost.'
  }
  return `Cascad cannot start, and it is not you: ${error instanceof Error ? error.stack : error}`
}

process.on('uncaughtException', (error) => {
  process.stderr.write(`Cascad met an error it did not expect and stops: ${error.stack}\n`)
  shutDown.begin('Stopping.', 1)
})

try {
  await start()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  shutDown.begin(null, 1)
}
