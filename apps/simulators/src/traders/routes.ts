/** The one endpoint of every desk: the provider kit answers, the step of the payment may spoil it. */
import { setTimeout as pause } from 'node:timers/promises'
import { createCascadeHandler, type HttpAnswer } from '@cascad/provider-kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { deliver } from '../operations/deliver.ts'
import { errorDocument, type World } from '../world.ts'
import { type Desk, keepCall } from './desk.ts'
import type { Desks } from './desks.ts'
import { deskHandlers } from './handlers.ts'
import type { Spoil, Turn } from './turn.ts'

export function traderRoutes(app: FastifyInstance, world: World, desks: Desks): void {
  app.register(async (own) => {
    own.removeAllContentTypeParsers()
    own.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    own.all<{ Params: { name: string } }>('/traders/:name/cascade', async (request, reply) => {
      const desk = desks.find(request.params.name)
      if (!desk) return reply.code(404).send(errorDocument('not_found', 'There is no such desk.'))
      return await receive(world, desks, desk, request, reply)
    })
  })
}

async function receive(world: World, desks: Desks, desk: Desk, request: FastifyRequest, reply: FastifyReply) {
  const turn: Turn = { spoil: null }
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array()
  const headers = request.headers as Record<string, string | undefined>
  const handle = createCascadeHandler({
    apiKey: desk.settings.api_key,
    handlers: deskHandlers(desk, turn, desks.now_ms(), (appeal) => desks.tell(desk, appeal)),
    store: desk.store,
    now: () => new Date(desks.now_ms()),
  })
  const right = await handle({ method: request.method, headers, body })
  const answer = turn.spoil?.kind === 'rewrite' ? turn.spoil.rewrite(right) : right
  const withheld = turn.spoil?.kind === 'hang' || turn.spoil?.kind === 'reset' ? turn.spoil.kind : null
  keepCall(desk, {
    at: new Date(desks.now_ms()).toISOString(),
    request: new TextDecoder().decode(body.subarray(0, 4_096)),
    idempotency_key: headers['idempotency-key'] ?? null,
    status: withheld ?? answer.status,
    answer: withheld ? '' : answer.body.slice(0, 4_096),
  })
  return await give(world, reply, answer, turn.spoil)
}

async function give(world: World, reply: FastifyReply, answer: HttpAnswer, spoil: Spoil | null): Promise<FastifyReply> {
  if (spoil?.kind === 'hang') return deliver(world, reply, 'timeout', 0, {})
  if (spoil?.kind === 'reset') return deliver(world, reply, 'reset', 0, {})
  // Closing the simulators ends the wait; the connection is gone then as well.
  if (spoil?.kind === 'delay') await pause(spoil.delay_ms, null, { signal: world.closing.signal }).catch(() => {})
  return reply.code(answer.status).headers(answer.headers).send(answer.body)
}
