/** GET /rates?from=USDT, and the hands on it: /control/rates. */
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { ScriptError } from '../control/control.ts'
import { isForeign, refuseForeign } from '../control/routes.ts'
import { deliver } from '../operations/deliver.ts'
import { bodyOf } from '../request-fields.ts'
import { errorDocument, type World } from '../world.ts'
import type { BoardScript, RateBoard } from './board.ts'

export function rateRoutes(app: FastifyInstance, world: World, board: RateBoard): void {
  app.get<{ Querystring: { from?: string } }>('/rates', async (request, reply) => {
    const { mode, delay_ms } = board.script()
    const answer = board.answer(request.query.from ?? 'USDT')
    if (mode === 'silent') return deliver(world, reply, 'timeout', 0, {})
    if (mode === 'down') return reply.code(503).send(errorDocument('down', 'There are no rates at the moment.'))
    // Closing the simulators ends the wait; the connection is gone then as well.
    if (mode === 'slow') await pause(delay_ms, null, { signal: world.closing.signal }).catch(() => {})
    if (answer === null) return reply.code(404).send(errorDocument('not_found', 'There is no such currency.'))
    return reply.type('application/json').send(answer)
  })
  app.get('/control/rates', (_request, reply) => reply.send({ ...board.script(), asked: board.asked() }))
  app.post('/control/rates', (request, reply) => {
    if (isForeign(request)) return refuseForeign(reply)
    try {
      return reply.send(board.setScript(bodyOf(request.body) as Partial<BoardScript>))
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error
      return reply.code(422).send({ error: { code: 'invalid_script', text: error.message, mistakes: error.mistakes } })
    }
  })
}
