/** The callbacks the shop has received, in memory, and how it answers the next ones. */
import type { Signatures } from './check-signatures.ts'

export const answerKinds = ['accept', 'refuse', 'slow', 'never'] as const
export type AnswerKind = (typeof answerKinds)[number]

export type ReceivedCallback = Signatures & {
  readonly received_at: Date
  readonly event_id: string
  readonly attempt: string
  readonly next_retry: string
  readonly payment_id: string
  readonly reference_id: string
  readonly status: string
  readonly resolution: string
  /** Decimal text as it stands in the body. */
  readonly amount: string
  readonly payment_amount: string
  readonly fee: string
  readonly currency: string
  readonly answered: AnswerKind
  readonly body: string
}

export type CallbackBook = {
  readonly add: (callback: ReceivedCallback) => void
  /** Newest first. */
  readonly list: () => readonly ReceivedCallback[]
  /** The newest callback about an order whose signatures were right. */
  readonly latestOf: (reference: string) => ReceivedCallback | null
  readonly forget: () => void
  /** How the next callbacks are answered; after `times` of them the shop accepts again, `null` = until told otherwise. */
  readonly answer: (kind: AnswerKind, times: number | null) => void
  readonly answering: () => { readonly kind: AnswerKind; readonly times: number | null }
  /** The answer for the callback that has just come. */
  readonly nextAnswer: () => AnswerKind
}

const kept_max = 300

export function createCallbackBook(): CallbackBook {
  let callbacks: ReceivedCallback[] = []
  let now: { kind: AnswerKind; times: number | null } = { kind: 'accept', times: null }
  return {
    add(callback) {
      callbacks = [callback, ...callbacks].slice(0, kept_max)
    },
    list: () => callbacks,
    latestOf(reference) {
      const genuine = callbacks.filter(
        (callback) => callback.reference_id === reference && callback.x_signature && callback.webhook_signature,
      )
      // A late retry of an old event must not hide a newer one: event ids are ordered by time.
      return genuine.reduce<ReceivedCallback | null>((a, b) => (a && a.event_id >= b.event_id ? a : b), null)
    },
    forget() {
      callbacks = []
    },
    answer(kind, times) {
      now = { kind, times }
    },
    answering: () => now,
    nextAnswer() {
      const { kind, times } = now
      if (times !== null) now = times > 1 ? { kind, times: times - 1 } : { kind: 'accept', times: null }
      return kind
    },
  }
}
