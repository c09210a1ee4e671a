/** All operations of all providers, found by reference, id, idempotency key or payer's page. */
import type { Journal } from './journal.ts'
import { type Child, type ChildKind, childKinds, childrenOf, type Operation, type ProviderName } from './operation.ts'

export type Book = {
  readonly add: (operation: Operation) => void
  /** Must be called after every change of an operation. */
  readonly save: (operation: Operation) => void
  readonly byReference: (provider: ProviderName, terminal: string, reference: string) => Operation | null
  readonly byKey: (provider: ProviderName, terminal: string, key: string) => Operation | null
  readonly byId: (id: string) => Operation | null
  /** An approved operation that gave this token for its card. */
  readonly byToken: (terminal: string, token: string) => Operation | null
  readonly byChallenge: (challenge: string) => Operation | null
  readonly refundByReference: (provider: ProviderName, terminal: string, reference: string) => FoundRefund | null
  readonly childByReference: (
    kind: ChildKind,
    provider: ProviderName,
    terminal: string,
    reference: string,
  ) => FoundChild | null
  /** Oldest first. */
  readonly all: () => Operation[]
  readonly clear: () => void
  /** A reference that was voided before it was known: a charge under it must be refused. */
  readonly close: (provider: ProviderName, terminal: string, reference: string) => void
  readonly isClosed: (provider: ProviderName, terminal: string, reference: string) => boolean
}

export type FoundRefund = { readonly operation: Operation; readonly refund: Child }
export type FoundChild = { readonly operation: Operation; readonly child: Child }

/** Beyond this the oldest operations are forgotten. */
const operations_max = 200_000

export function createBook(journal: Journal, restored: readonly Operation[]): Book {
  const by_id = new Map<string, Operation>()
  const by_reference = new Map<string, Operation>()
  const by_key = new Map<string, Operation>()
  const by_challenge = new Map<string, Operation>()
  const by_token = new Map<string, Operation>()
  const children = new Map<string, FoundChild>()
  const closed = new Set<string>()
  const place = (provider: ProviderName, terminal: string, name: string) => `${provider}\n${terminal}\n${name}`
  const childPlace = (kind: ChildKind, provider: ProviderName, terminal: string, reference: string) =>
    `${kind}\n${place(provider, terminal, reference)}`
  const childByReference = (kind: ChildKind, provider: ProviderName, terminal: string, reference: string) =>
    children.get(childPlace(kind, provider, terminal, reference)) ?? null

  const index = (operation: Operation) => {
    by_id.set(operation.id, operation)
    by_reference.set(place(operation.provider, operation.terminal, operation.reference), operation)
    if (operation.key !== null) by_key.set(place(operation.provider, operation.terminal, operation.key), operation)
    by_challenge.set(operation.challenge, operation)
    if (operation.card_token !== null) by_token.set(`${operation.terminal}\n${operation.card_token}`, operation)
    for (const kind of childKinds) {
      for (const child of childrenOf(operation, kind)) {
        children.set(childPlace(kind, operation.provider, operation.terminal, child.reference), { operation, child })
      }
    }
  }
  const forgetOldest = () => {
    const oldest = by_id.values().next().value
    if (!oldest) return
    by_id.delete(oldest.id)
    by_reference.delete(place(oldest.provider, oldest.terminal, oldest.reference))
    if (oldest.key !== null) by_key.delete(place(oldest.provider, oldest.terminal, oldest.key))
    by_challenge.delete(oldest.challenge)
    if (oldest.card_token !== null) by_token.delete(`${oldest.terminal}\n${oldest.card_token}`)
    for (const kind of childKinds) {
      for (const child of childrenOf(oldest, kind)) {
        children.delete(childPlace(kind, oldest.provider, oldest.terminal, child.reference))
      }
    }
  }
  for (const operation of restored) index(operation)

  const save = (operation: Operation) => {
    index(operation)
    if (by_id.size > operations_max) forgetOldest()
    journal.write(operation)
  }
  return {
    add: save,
    save,
    byReference: (provider, terminal, reference) => by_reference.get(place(provider, terminal, reference)) ?? null,
    byKey: (provider, terminal, key) => by_key.get(place(provider, terminal, key)) ?? null,
    byId: (id) => by_id.get(id) ?? null,
    byToken: (terminal, token) => by_token.get(`${terminal}\n${token}`) ?? null,
    byChallenge: (challenge) => by_challenge.get(challenge) ?? null,
    refundByReference(provider, terminal, reference) {
      const found = childByReference('refund', provider, terminal, reference)
      return found && { operation: found.operation, refund: found.child }
    },
    childByReference,
    all: () => [...by_id.values()],
    clear() {
      for (const map of [by_id, by_reference, by_key, by_challenge, by_token, children]) map.clear()
      closed.clear()
    },
    close: (provider, terminal, reference) => void closed.add(place(provider, terminal, reference)),
    isClosed: (provider, terminal, reference) => closed.has(place(provider, terminal, reference)),
  }
}
