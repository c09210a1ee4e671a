/** Large bodies lie in memory as a whole until they are read: only so many at once, and of one sender fewer still. */
import { finished } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'
import { bodyBytesMax } from './request-body.ts'

export type UploadSlots = {
  /**
   * To be called before the body is read. A body that any route takes needs no slot. 429: this sender has too many under way,
   * 503: all senders together; both with Retry-After. The slot is free again when the request has been answered, or broke off.
   */
  readonly take: (request: FastifyRequest, reply: FastifyReply, sender: string) => void
}

/** Of 10 MiB each, several times while they are read. */
const usual = { total: 20, of_one: 4 } as const
const retry = { headers: { 'retry-after': '3' } }

export function createUploadSlots({ total, of_one }: { total: number; of_one: number } = usual): UploadSlots {
  const taken = new Map<string, number>()
  let all = 0
  const free = (sender: string): void => {
    const left = (taken.get(sender) ?? 1) - 1
    all -= 1
    if (left > 0) taken.set(sender, left)
    else taken.delete(sender)
  }
  return {
    take(request, reply, sender) {
      if (isSmall(request)) return
      const own = taken.get(sender) ?? 0
      if (own >= of_one) throw new Problem(429, retry)
      if (all >= total) throw new Problem(503, retry)
      taken.set(sender, own + 1)
      all += 1
      finished(reply.raw, () => free(sender))
    },
  }
}

/** A body sent in chunks may become any size. */
function isSmall({ headers }: FastifyRequest): boolean {
  if (headers['transfer-encoding'] !== undefined) return false
  return Number(headers['content-length'] ?? 0) <= bodyBytesMax
}
