/** The simulated providers on one port: an acquirer for cards, a test provider, a provider with its own page, Stripe, desks; and rates. */
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { acsRoutes } from './acquirer/acs-routes.ts'
import { acquirerFace } from './acquirer/face.ts'
import { acquirerRoutes } from './acquirer/routes.ts'
import { type Control, createControl, type Door } from './control/control.ts'
import { controlRoutes } from './control/routes.ts'
import { demoCredentials } from './demo-credentials.ts'
import { createBook } from './operations/book.ts'
import { noJournal, openJournal } from './operations/journal.ts'
import { createRateBoard, type RateBoard } from './rates/board.ts'
import { rateRoutes } from './rates/routes.ts'
import { redirectPageRoutes } from './redirect/page-routes.ts'
import { redirectFace, redirectRoutes } from './redirect/routes.ts'
import { shopRoutes } from './shop/routes.ts'
import { createStripeFace } from './stripe/face.ts'
import { stripePayerRoutes } from './stripe/payer-routes.ts'
import { stripeRefundRoutes } from './stripe/refund-routes.ts'
import { stripeRoutes } from './stripe/routes.ts'
import { demoTerminal, demoTerminals } from './terminals/terminal.ts'
import { testFace, testProviderRoutes } from './test-provider/routes.ts'
import { traderControlRoutes } from './traders/control-routes.ts'
import { createDesks, type Desks } from './traders/desks.ts'
import { traderRoutes } from './traders/routes.ts'
import { createVerdictPost } from './traders/verdict-post.ts'
import { errorDocument, type World } from './world.ts'

export type SimulatorOptions = {
  /** 0 = any free one. */
  readonly port: number
  readonly host?: string
  /** Where the platform is, for the demo shop and for verdicts of the trader desks. */
  readonly cascad_url: string
  /** Where browsers reach the simulators, when it is not the address listened on. */
  readonly public_url?: string
  /** File that keeps the providers' books over a restart; without it they live in memory. */
  readonly journal_path?: string
  readonly now?: () => Date
  /** Of the trader desks; left out = another one at each start, so that ids of payments do not come twice. */
  readonly seed?: number
}

export type Simulators = {
  readonly url: string
  readonly control: Control
  readonly desks: Desks
  /** The source of reference rates at /rates. */
  readonly rates: RateBoard
  /** Where the trader desks tell their verdicts from now on, when it is not `cascad_url`. */
  readonly answerTo: (cascad_url: string) => void
  readonly close: () => Promise<void>
}

export async function createSimulators(options: SimulatorOptions): Promise<Simulators> {
  const { journal, operations } = options.journal_path
    ? await openJournal(options.journal_path)
    : { journal: noJournal, operations: [] }
  let url = ''
  const world: World = {
    book: createBook(journal, operations),
    terminals: new Map(demoTerminals.map((terminal) => [terminal.name, demoTerminal(terminal, options.cascad_url)])),
    faces: { acquirer: acquirerFace, test: testFace, redirect: redirectFace, stripe: createStripeFace() },
    hanging: new Set(),
    timers: new Set(),
    notifications: [],
    now: options.now ?? (() => new Date()),
    public_url: () => options.public_url ?? url,
    closing: new AbortController(),
  }
  const app = createApp()
  const doors = new Set<Door>()
  const control = createControl(
    world,
    () => url,
    (request, response) => app.routing(request, response),
    doors,
  )
  const seed = options.seed ?? world.now().getTime()
  const post = createVerdictPost(world, options.cascad_url)
  const desks = createDesks({ seed, now: world.now, url: () => url, post })
  acquirerRoutes(app, world)
  acsRoutes(app, world)
  testProviderRoutes(app, world)
  redirectRoutes(app, world)
  redirectPageRoutes(app, world)
  stripeRoutes(app, world)
  stripeRefundRoutes(app, world)
  stripePayerRoutes(app, world)
  traderRoutes(app, world, desks)
  traderControlRoutes(app, desks)
  const rates = createRateBoard(world.now)
  rateRoutes(app, world, rates)
  controlRoutes(app, control)
  shopRoutes(app, { cascad_url: options.cascad_url, credentials: demoCredentials(options.cascad_url) })
  await app.listen({ port: options.port, host: options.host ?? '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  url = `http://127.0.0.1:${port}`

  return {
    url,
    control,
    desks,
    rates,
    answerTo: post.answerTo,
    async close() {
      world.closing.abort()
      for (const timer of world.timers) clearTimeout(timer)
      for (const socket of world.hanging) socket.destroy()
      await Promise.all([...doors].map((door) => door.shut()))
      await app.close()
      await journal.close()
    },
  }
}

function createApp() {
  const app = Fastify({ bodyLimit: 256 * 1024, forceCloseConnections: true, return503OnClosing: false })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body as string))),
  )
  app.setErrorHandler((error, _request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500
    if (status >= 500) process.stderr.write(`Simulators: ${error instanceof Error ? error.stack : String(error)}\n`)
    return reply
      .code(status)
      .send(errorDocument(status < 500 ? 'invalid_request' : 'internal_error', 'The request cannot be handled.'))
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorDocument('no_such_path', 'There is nothing here.')),
  )
  return app
}
