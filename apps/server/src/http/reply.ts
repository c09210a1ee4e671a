/** Sends what a route gives back. */
import type { FastifyReply } from 'fastify'
import type { Reply } from './routes.ts'

export const jsonContentType = 'application/json; charset=utf-8'

/** Writes the document as it is: it may hold raw JSON numbers, which only JSON.stringify keeps. */
export function sendReply(reply: FastifyReply, answer: Reply): FastifyReply {
  reply.code(answer.status)
  if (answer.headers) reply.headers(answer.headers)
  return answer.status === 302 ? reply.send() : sendJson(reply, answer.body)
}

export function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.header('content-type', jsonContentType).send(JSON.stringify(body))
}
