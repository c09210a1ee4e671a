/** The pictures that documents point to: logos and icons of methods, the picture of a merchant without one. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Context } from '../context.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import { Problem } from '../http/problem.ts'
import { problemBodies } from '../http/schemas.ts'
import { merchantIcon, methodIcon, methodLogo, testLogoPng } from './glyphs.ts'
import type { PaymentMethod } from './service.ts'
import { type Side, selectMethod } from './table.ts'

const methods = settingsMemory<PaymentMethod | null>({
  entries_max: 2_000,
  tables: ['payment_methods', 'payout_methods'],
})
const methodCode = /^[a-z0-9][a-z0-9._-]{0,63}$/i
// A picture changes only with a release; a day spares the payer's phone most of the requests.
const cacheable = 'public, max-age=86400'

export function pictureRoutes(app: FastifyInstance, ctx: Context): void {
  for (const side of ['payment', 'payout'] as const) addMethodPictures(app, ctx, side)
  app.get(
    '/images/default.svg',
    { schema: schema('The picture of a merchant that has none of its own') },
    async (_, reply) => sendPicture(reply, 'image/svg+xml', merchantIcon),
  )
}

function schema(summary: string) {
  const picture = { ...Type.String({ contentEncoding: 'binary' }), description: 'A picture' }
  return {
    summary,
    tags: ['Pictures'],
    security: [],
    produces: ['image/svg+xml', 'image/png'],
    response: { 200: picture, 404: problemBodies[404] },
  }
}

function addMethodPictures(app: FastifyInstance, ctx: Context, side: Side): void {
  const path = `/${side}_methods/:code`
  const find = async (params: unknown): Promise<PaymentMethod> => {
    const { code } = params as { code: string }
    const method = methodCode.test(code)
      ? await methods(ctx).get(`${side}:${code}`, () => selectMethod(ctx.sql, side, code))
      : null
    if (!method) throw new Problem(404)
    return method
  }
  app.get(`${path}/icon.svg`, { schema: schema('Icon of a method') }, async (request, reply) =>
    sendPicture(reply, 'image/svg+xml', methodIcon(await find(request.params))),
  )
  app.get(`${path}/logo.svg`, { schema: schema('Logo of a method') }, async (request, reply) =>
    sendPicture(reply, 'image/svg+xml', methodLogo(await find(request.params))),
  )
  app.get(`${path}/logo.png`, { schema: schema('Logo of a method that has a PNG') }, async (request, reply) => {
    const method = await find(request.params)
    if (!method.logo.endsWith('.png')) throw new Problem(404)
    return sendPicture(reply, 'image/png', testLogoPng())
  })
}

/** Opened on its own, an SVG is a page: it may run and load nothing. */
function sendPicture(reply: FastifyReply, type: string, picture: string | Buffer): FastifyReply {
  return reply
    .header('content-type', type)
    .header('cache-control', cacheable)
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    .header('access-control-allow-origin', '*')
    .send(picture)
}
