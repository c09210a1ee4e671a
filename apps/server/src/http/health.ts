/** Is the process alive, may it get traffic, and its numbers. */
import type { FastifyInstance } from 'fastify'
import ipaddr from 'ipaddr.js'
import Type from 'typebox'
import type { Context } from '../context.ts'
import { Problem } from './problem.ts'
import { sendJson } from './reply.ts'
import { problemBodies } from './schemas.ts'

const database_timeout_ms = 2_000
const healthBody = Type.Object({ status: Type.Literal('ok') }, { description: 'OK' })

/** `/health/live`, `/health/ready`, `/metrics`. While the server stops, every path answers 503. */
export function healthRoutes(app: FastifyInstance, ctx: Context): void {
  const schema = (summary: string) => ({
    summary,
    tags: ['Operation'],
    security: [],
    response: { 200: healthBody, 503: problemBodies[503] },
  })
  app.get('/health/live', { schema: schema('Is the process alive?') }, async (_request, reply) =>
    sendJson(reply, { status: 'ok' }),
  )
  app.get(
    '/health/ready',
    { schema: schema('May it get traffic? The database must answer.') },
    async (_request, reply) => {
      if (!(await databaseAnswers(ctx))) throw new Problem(503, { headers: { 'retry-after': '5' } })
      return sendJson(reply, { status: 'ok' })
    },
  )
  const text = { ...Type.String(), description: 'Prometheus text format' }
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Counters for Prometheus; private networks only',
        tags: ['Operation'],
        security: [],
        produces: ['text/plain'],
        response: { 200: text, 404: problemBodies[404] },
      },
    },
    async (request, reply) => {
      if (!isInside(request.ip)) throw new Problem(404)
      return reply.header('content-type', ctx.events.registry.contentType).send(await ctx.events.registry.metrics())
    },
  )
}

async function databaseAnswers(ctx: Context): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), database_timeout_ms)
  })
  const answer = ctx.sql`select 1`.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Volumes of a business are nobody else's: the numbers go to private networks only. */
function isInside(ip: string): boolean {
  if (!ipaddr.isValid(ip)) return false
  return ['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'].includes(ipaddr.process(ip).range())
}
