/** The API of the provider dashboard. Every module adds its routes here. */
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import type { RouteModule } from '../http/routes.ts'
import { answerProviderError, isProviderPath } from './answer-provider-error.ts'
import { connectionRoutes } from './connection-routes.ts'
import { consoleRoutes } from './console-routes.ts'
import { meRoutes } from './me-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { createSessions } from './sessions.ts'

const modules: readonly RouteModule[] = [sessionRoutes, meRoutes, connectionRoutes, consoleRoutes]

export function providerRoutes(app: FastifyInstance, ctx: Context): void {
  app.decorate('provider_sessions', createSessions(ctx))
  app.voices.push({
    speaksFor: isProviderPath,
    answer: (error, request, reply) => answerProviderError(ctx, error, request, reply),
  })
  for (const addRoutes of modules) addRoutes(app, ctx)
}
