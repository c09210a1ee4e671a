/** Payment intents looked up: by id, in the list of the newest, and in the search, which knows them later. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { deliver } from '../operations/deliver.ts'
import type { Operation } from '../operations/operation.ts'
import type { Script } from '../terminals/script.ts'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import { refuse, type World } from '../world.ts'
import { intentDocument } from './documents.ts'
import { badRequest, callOf, isExpanded } from './request.ts'

type ById = { Params: { id: string } }

export function stripeLookUpRoutes(app: FastifyInstance, world: World): void {
  const list = (operations: readonly Operation[], object: string, url: string) => ({
    object,
    url,
    has_more: false,
    data: operations.map((operation) => intentDocument(operation, world.public_url(), false)),
  })
  app.get('/stripe/v1/payment_intents/search', (request, reply) => {
    const call = callOf(world, request, reply)
    if (!call) return reply
    const reference = /^metadata\['cascad_reference'\]:'([^']+)'$/.exec(String(call.fields.query))?.[1]
    if (reference === undefined) return badRequest(reply, null, 'We were unable to parse your search query.')
    const operation = world.book.byReference('stripe', call.terminal.name, reference)
    const script = scriptOf(call.terminal, operation)
    if (isLost(script)) return lose(world, reply, script)
    const known = operation !== null && script.lookups === 'normal' && operation.visible_at <= world.now().toISOString()
    return reply.send(list(known ? [operation] : [], 'search_result', '/v1/payment_intents/search'))
  })
  app.get('/stripe/v1/payment_intents', (request, reply) => {
    const call = callOf(world, request, reply)
    if (!call) return reply
    const { terminal, fields } = call
    if (isLost(terminal.script)) return lose(world, reply, terminal.script)
    const limit = /^([1-9]\d?|100)$/.test(String(fields.limit)) ? Number(fields.limit) : 10
    return reply.send(list(newest(world, terminal, limit), 'list', '/v1/payment_intents'))
  })
  app.get<ById>('/stripe/v1/payment_intents/:id', (request, reply) => {
    const call = callOf(world, request, reply)
    if (!call) return reply
    const operation = world.book.byId(request.params.id)
    const script = scriptOf(call.terminal, operation)
    if (isLost(script)) return lose(world, reply, script)
    if (operation?.terminal !== call.terminal.name || script.lookups === 'not_found') {
      return refuse(world, reply, 'stripe', 404, 'not_found', 'No such payment_intent.')
    }
    return reply.send(intentDocument(operation, world.public_url(), isExpanded(call.fields, 'latest_charge')))
  })
}

function newest(world: World, terminal: Terminal, limit: number): Operation[] {
  return world.book
    .all()
    .filter((one) => one.terminal === terminal.name && scriptOf(terminal, one).lookups === 'normal')
    .slice(-limit)
    .reverse()
}

export function isLost({ answer, lookups }: Script): boolean {
  return answer === 'down' || lookups === 'timeout' || lookups === 'error'
}

/** Withholds the answer to a question as the script wants it. */
export function lose(world: World, reply: FastifyReply, { answer, lookups }: Script): FastifyReply {
  return deliver(world, reply, answer === 'down' ? 'reset' : lookups === 'timeout' ? 'timeout' : 'error', 500, {})
}
