/** The API of the provider dashboard. Every module adds its routes here. */
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import type { RouteModule } from '../http/routes.ts'
import { answerProviderError, isProviderPath } from './answer-provider-error.ts'
import { appealRoutes } from './appeal-routes.ts'
import { balanceRoutes } from './balance-routes.ts'
import { connectionRoutes } from './connection-routes.ts'
import { consoleRoutes } from './console-routes.ts'
import { meRoutes } from './me-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { paymentRoutes } from './payment-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { createSessions } from './sessions.ts'
import { createSharedLimit } from './shared-limit.ts'
import { statisticsRoutes } from './statistics-routes.ts'
import { teamRoutes } from './team-routes.ts'

const modules: readonly RouteModule[] = [
  sessionRoutes,
  meRoutes,
  statisticsRoutes,
  paymentRoutes,
  appealRoutes,
  balanceRoutes,
  orderRoutes,
  teamRoutes,
  connectionRoutes,
  consoleRoutes,
]

/** Several pages open, and each of them asking again every few seconds. */
const asked_by_person = { count: 600, window_ms: 60_000 }
/** Verdicts with evidence and messages with files, 15 MiB each at most. How many lie in memory at once, each process counts for itself. */
const handed_in_by_person = { count: 60, window_ms: 600_000 }

export function providerRoutes(app: FastifyInstance, ctx: Context): void {
  app.decorate('provider_sessions', createSessions(ctx))
  app.decorate('provider_person_limit', createSharedLimit(ctx, 'person', asked_by_person))
  app.decorate('provider_upload_limit', createSharedLimit(ctx, 'upload', handed_in_by_person))
  app.voices.push({
    speaksFor: isProviderPath,
    answer: (error, request, reply) => answerProviderError(ctx, error, request, reply),
  })
  for (const addRoutes of modules) addRoutes(app, ctx)
}
