/** What the shop has been told, in memory, and how it answers next time. */
import type { CallbackFacts } from './read-callback.ts'
import type { NotificationFacts } from './read-notification.ts'

export const answerKinds = ['accept', 'refuse', 'slow', 'never'] as const
export type AnswerKind = (typeof answerKinds)[number]

export type Check = { readonly name: string; readonly right: boolean }

type Received = {
  readonly received_at: Date
  /** The same in every delivery. */
  readonly event_id: string
  readonly attempt: string
  /** Whose keys it was made with; `null` = nobody's. */
  readonly signer: string | null
  readonly checks: readonly Check[]
  readonly answered: AnswerKind
  readonly body: string
}

/** Of the merchant API. */
export type ReceivedCallback = Received &
  CallbackFacts & {
    readonly kind: 'callback'
    /** Unix seconds; 0 = none. */
    readonly next_retry: string
  }

/** Of the Card API. */
export type ReceivedNotification = Received & NotificationFacts & { readonly kind: 'notification' }

export type ReceivedEvent = ReceivedCallback | ReceivedNotification

export type CallbackBook = {
  readonly add: (event: ReceivedEvent) => void
  /** Newest first. */
  readonly list: () => readonly ReceivedEvent[]
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
  let events: ReceivedEvent[] = []
  let now: { kind: AnswerKind; times: number | null } = { kind: 'accept', times: null }
  return {
    add(event) {
      events = [event, ...events].slice(0, kept_max)
    },
    list: () => events,
    latestOf(reference) {
      const genuine = events
        .filter((event) => event.kind === 'callback')
        .filter(({ reference_id, checks }) => reference_id === reference && checks.every(({ right }) => right))
      // A late retry of an old event must not hide a newer one: event ids are ordered by time.
      return genuine.reduce<ReceivedCallback | null>((a, b) => (a && a.event_id >= b.event_id ? a : b), null)
    },
    forget() {
      events = []
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
