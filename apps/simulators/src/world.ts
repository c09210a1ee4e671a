/** Everything the simulated providers share: their books, their terminals, what is under way. */
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import type { Book } from './operations/book.ts'
import type { Child, ChildKind, Operation, ProviderName, Refund } from './operations/operation.ts'
import type { Terminal } from './terminals/terminal.ts'

export type World = {
  readonly book: Book
  readonly terminals: Map<string, Terminal>
  /** How each provider writes what it knows. */
  readonly faces: Readonly<Record<ProviderName, Face>>
  /** Connections that are never answered. */
  readonly hanging: Set<Socket>
  readonly timers: Set<NodeJS.Timeout>
  /** Notifications told, newest last, at most 1,000. */
  readonly notifications: SentNotification[]
  readonly now: () => Date
  /** Where payers reach our pages, without a slash at the end. */
  readonly public_url: () => string
  readonly closing: AbortController
}

/** An answer in a provider's own form. */
export type FaceAnswer = {
  readonly status: number
  readonly document: object
  readonly headers?: Readonly<Record<string, string>>
}

/** The wire format of one provider. */
export type Face = {
  readonly document: (operation: Operation, public_url: string) => object
  readonly refundDocument: (refund: Refund, operation: Operation) => object
  /** Captures and cancels too; left out = the provider knows refunds only. */
  readonly childDocument?: (kind: ChildKind, child: Child, operation: Operation) => object
  readonly voidDocument: (result: {
    readonly id: string
    readonly reference: string
    readonly voided: boolean
  }) => object
  readonly notification: (
    document: object,
    event_id: string,
    terminal: Terminal,
  ) => { readonly body: string; readonly headers: Record<string, string> } | null
  /** The answer to a charge, or to its repeat under the same key; left out = status 200 and the document. */
  readonly answer?: (operation: Operation, public_url: string, repeated: boolean) => FaceAnswer
  /** How it refuses a request; left out = the shared error document. */
  readonly refusal?: (status: number, code: string, text: string) => FaceAnswer
}

export type SentNotification = {
  readonly at: string
  readonly terminal: string
  readonly reference: string
  readonly event_id: string
  readonly status: string
  /** HTTP status of the answer, or why there was none. */
  readonly answer: number | string
}

/** Runs later, unless the simulators close before. */
export function later(world: World, delay_ms: number, work: () => void): void {
  const timer = setTimeout(() => {
    world.timers.delete(timer)
    work()
  }, delay_ms)
  world.timers.add(timer)
}

/** Refuses a request in the words of the provider. */
export function refuse(
  world: World,
  reply: FastifyReply,
  provider: ProviderName,
  status: number,
  code: string,
  text: string,
): FastifyReply {
  const refusal = world.faces[provider].refusal?.(status, code, text)
  return reply.code(refusal?.status ?? status).send(refusal?.document ?? errorDocument(code, text))
}

/** The error document of the providers that have none of their own. */
export function errorDocument(code: string, text: string): object {
  return { error: { code, text } }
}
