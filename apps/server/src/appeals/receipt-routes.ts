/** Files of appeals by their signed addresses, as providers get them. Cascade API, section 12. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Context } from '../context.ts'
import { readQuery } from '../http/query.ts'
import { readReceipt } from './read-receipt.ts'
import { contentTypes } from './rules/file-type.ts'
import { isSignedReceipt } from './sign-receipt.ts'

const refusals = { 403: 'Not signed by us', 404: 'No such file', 410: 'The address has run out' }
const refused = Type.String({ description: 'The same for each refusal' })

const schema = {
  summary: 'A receipt, by its signed address',
  tags: ['Appeals'],
  security: [],
  params: Type.Object({ file: Type.String({ description: 'Id of the file with its ending: pdf, jpg or png' }) }),
  querystring: Type.Object({ exp: Type.String({ description: 'Unix seconds' }), sig: Type.String() }),
  produces: Object.values(contentTypes),
  response: {
    200: { ...Type.String({ contentEncoding: 'binary' }), description: 'The file as it was handed in' },
    ...Object.fromEntries(
      Object.entries(refusals).map(([status, description]) => [
        status,
        { description, content: { 'text/plain': { schema: refused } } },
      ]),
    ),
  },
}

export function receiptRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/receipts/:file', { schema }, (request, reply) => {
    app.limits.public_by_ip.take(request.ip)
    return serve(ctx, request, reply)
  })
}

async function serve(ctx: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { file = '' } = request.params as { file?: string }
  const [, id = '', ending = ''] = /^([^.]{1,64})\.([a-z]{3})$/.exec(file) ?? []
  const { exp, sig } = readQuery(request)
  if (typeof exp !== 'string' || typeof sig !== 'string') return refuse(reply, 403)
  // The signature first: who has none learns nothing of what there is.
  if (!isSignedReceipt(ctx.secrets.receiptKey, { id, exp, sig })) return refuse(reply, 403)
  if (!/^\d{1,12}$/.test(exp) || Number(exp) * 1000 <= ctx.now().getTime()) return refuse(reply, 410)
  const found = await readReceipt(ctx, id, { way: 'link', ip: request.ip })
  if (!found || found.type !== ending) return refuse(reply, 404)
  return withHeaders(reply)
    .header('content-type', contentTypes[found.type])
    .header('content-disposition', `inline; filename="${id}.${found.type}"`)
    .send(found.bytes)
}

function withHeaders(reply: FastifyReply): FastifyReply {
  return reply
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('referrer-policy', 'no-referrer')
}

function refuse(reply: FastifyReply, status: 403 | 404 | 410): FastifyReply {
  return withHeaders(reply).code(status).header('content-type', 'text/plain; charset=utf-8').send('Not available.')
}
