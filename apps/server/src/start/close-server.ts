import type { FastifyInstance } from 'fastify'

const look_again_ms = 100

/** Takes no more requests and resolves when those in flight are answered. */
export async function closeServer(app: FastifyInstance): Promise<void> {
  // A client keeps its connection after the answer; closing looks at idle ones once, and would wait for the others.
  const timer = setInterval(() => app.server.closeIdleConnections(), look_again_ms)
  try {
    await app.close()
  } finally {
    clearInterval(timer)
  }
}
