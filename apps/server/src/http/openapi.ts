/** The OpenAPI document, from the schemas of the routes, and the pages that show it. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Context } from '../context.ts'
import { sendJson } from './reply.ts'

/** Must be added before the routes it describes. */
export async function documentRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cascad',
        version: '0.1.0',
        description: 'Payment orchestration: one API, many gateways, a cascade until one succeeds.',
      },
      servers: [{ url: ctx.config.public_url }],
      components: {
        securitySchemes: {
          basic: { type: 'http', scheme: 'basic', description: 'Account id and API key' },
          publicKeyQuery: {
            type: 'apiKey',
            in: 'query',
            name: 'public_key',
            description: 'Public key; it decides the mode',
          },
          publicKeyBody: {
            type: 'apiKey',
            in: 'query',
            name: 'public_key',
            description: 'Public key as `public_key` in the body instead of the query',
          },
          session: { type: 'http', scheme: 'bearer', description: 'Session token of a payment' },
        },
      },
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { docExpansion: 'list' } })
  app.get(
    '/openapi.json',
    {
      schema: {
        summary: 'This document',
        tags: ['Operation'],
        security: [],
        response: { 200: Type.Object({}, { additionalProperties: true, description: 'OpenAPI 3.1' }) },
      },
    },
    async (_request, reply) => sendJson(reply, app.swagger()),
  )
}
