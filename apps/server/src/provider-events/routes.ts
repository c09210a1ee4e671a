/**
 * Where providers tell us their news: `POST /provider-events/{gateway_id}`. It is stored as it came and answered at once; a
 * worker reads it. So a burst, a bug in a connector or a restart loses nothing.
 */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { Problem } from '../http/problem.ts'
import { bodyText } from '../http/request-body.ts'
import { newId } from '../ids.ts'
import { getGateway } from '../routing/load-routing.ts'
import { insertEvent } from './table.ts'

const body_bytes_max = 256 * 1024
/** Headers that a signature may need; the rest is not ours to keep. */
const keptHeader = /^(x-|stripe-|webhook-|content-type$|content-signature$|user-agent$|signature$)/

export function providerEventRoutes(app: FastifyInstance, ctx: Context): void {
  app.route({
    method: 'POST',
    url: '/provider-events/:gateway_id',
    schema: {
      summary: 'News from a provider about an attempt',
      tags: ['Providers'],
      params: Type.Object({ gateway_id: Type.String() }),
      response: { 200: Type.Object({ received: Type.Literal(true) }, { description: 'Stored; it will be read' }) },
    },
    handler: async (request) => {
      const { gateway_id } = request.params as { gateway_id: string }
      const gateway = /^[1-9]\d{0,8}$/.test(gateway_id) ? await getGateway(ctx, Number(gateway_id)) : null
      if (!gateway || !ctx.connectors.get(gateway.connector)?.readEvent) throw new Problem(404)
      const body = bodyText(request)
      if (Buffer.byteLength(body) > body_bytes_max) throw new Problem(413)
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) =>
          keptHeader.test(name) && typeof value === 'string' ? [[name, value]] : [],
        ),
      )
      const now = ctx.now()
      await insertEvent(
        ctx.sql,
        {
          id: newId('provider_event', now),
          gateway_id: gateway.gateway_id,
          headers,
          body: body.replaceAll('\u0000', ''),
          tries: 0,
          received_at: now,
        },
        now,
      )
      return { received: true }
    },
  })
}
