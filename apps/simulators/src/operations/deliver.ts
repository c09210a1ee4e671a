/** Gives an answer, or withholds it in one of the ways networks do. */
import type { FastifyReply } from 'fastify'
import type { World } from '../world.ts'

export type Delivery = 'answer' | 'timeout' | 'error' | 'reset' | 'broken_json'

export function deliver(
  world: World,
  reply: FastifyReply,
  delivery: Delivery,
  status: number,
  document: object,
): FastifyReply {
  const { socket } = reply.raw
  switch (delivery) {
    case 'timeout':
      reply.hijack()
      if (socket) {
        world.hanging.add(socket)
        socket.once('close', () => world.hanging.delete(socket))
      }
      return reply
    case 'reset':
      reply.hijack()
      socket?.resetAndDestroy()
      return reply
    case 'error':
      return reply.code(500).type('text/html').send('<h1>Internal Server Error</h1>')
    case 'broken_json':
      return reply.code(status).type('application/json').send(JSON.stringify(document).slice(0, -7))
    default:
      return reply.code(status).send(document)
  }
}
