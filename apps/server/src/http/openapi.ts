/** The OpenAPI document, from the schemas of the routes, and the pages that show it. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { finishDocument, type OpenApiDocument } from './openapi-document.ts'
import { sendJson } from './reply.ts'

/** Everything the pages load comes from this server. */
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** Must be added before the routes it describes. `/openapi.json` is the document, `/docs` shows it. */
export async function documentRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cascad',
        version: '0.1.0',
        description: 'Payment orchestration: one API, many gateways, a cascade until one succeeds.',
      },
      servers: [{ url: '/', description: 'Where this document comes from' }],
      components: {
        securitySchemes: {
          basic: { type: 'http', scheme: 'basic', description: 'Account id and API key' },
          publicKey: {
            type: 'apiKey',
            in: 'query',
            name: 'public_key',
            description: 'Public key of a mode, in the query or as `public_key` in the body',
          },
          session: { type: 'http', scheme: 'bearer', description: 'Session token of a payment' },
          person: {
            type: 'apiKey',
            in: 'cookie',
            name: 'cascad.session_token',
            description: 'Session of a person at the provider dashboard; with https its name begins with `__Secure-`',
          },
          shop: { type: 'http', scheme: 'basic', description: 'Shop id and secret of the Card API' },
        },
      },
    },
    transformObject: (parts) => {
      if (!('openapiObject' in parts)) throw new Error('The document is OpenAPI 3.1.')
      return finishDocument(parts.openapiObject as unknown as OpenApiDocument) as never
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: docsPolicy, uiConfig: { docExpansion: 'list' } })
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
