import { member, parse, text } from './read-callback.ts'

/** What of a notification's body the shop shows, as text. What cannot be read is empty. */
export type NotificationFacts = {
  readonly uid: string
  readonly type: string
  readonly status: string
  readonly message: string
  /** In minor units of the currency. */
  readonly amount: string
  readonly currency: string
  readonly tracking_id: string
  readonly gateway_id: string
}

/** Reads both versions: in the envelope the facts are inside `transaction`, in the flat body they are at the root. */
export function readNotification(body: string): NotificationFacts {
  const root = parse(body)
  const inner = member(root, 'transaction')
  const facts = member(root, 'uid') === undefined ? inner : root
  const type = text(facts, 'type')
  const operation = facts === inner ? member(inner, type) : inner
  return {
    uid: text(facts, 'uid'),
    type,
    status: text(facts, 'status'),
    message: text(facts, 'message'),
    amount: text(facts, 'amount'),
    currency: text(facts, 'currency'),
    tracking_id: text(facts, 'tracking_id'),
    gateway_id: text(operation, 'gateway_id'),
  }
}
