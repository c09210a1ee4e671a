/** What a provider has in its own books. Card numbers are cut to first 6 and last 4 before anything is kept. */
export type ProviderName = 'acquirer' | 'test' | 'redirect' | 'stripe'

export type OperationStatus = 'approved' | 'declined' | 'action_required' | 'pending' | 'voided'

/** How a charge ends, now or after the payer has acted. */
export type Result =
  | { readonly status: 'approved' }
  | { readonly status: 'pending' }
  | {
      readonly status: 'declined'
      readonly reason: string | null
      readonly code: string | null
      readonly advice_code: string | null
      readonly text: string | null
      /** A code the requester asked for, given back as it is: test payments only. */
      readonly wished_code?: string
    }

/** What kind of order: take the money, look at the card only, or hold the money for later. */
export type OperationKind = 'charge' | 'verify' | 'authorize'

/** How the issuer authenticated the payer, in the letters of 3-D Secure. */
export type Authentication = {
  readonly ve_status: 'Y' | 'N' | 'U'
  readonly pa_status: 'Y' | 'A' | 'C' | 'N' | 'R' | 'U'
  readonly eci: string | null
  readonly xid: string | null
  readonly cavv: string | null
  readonly cavv_algorithm: string | null
}

export type Operation = {
  readonly provider: ProviderName
  readonly terminal: string
  readonly id: string
  readonly reference: string
  readonly key: string | null
  /** Hash of what was asked, to tell a repeat from another request under the same key. */
  readonly fingerprint: string
  readonly operation: OperationKind
  readonly test: boolean
  /** It follows the rules of simulated payments: its challenge may be refused or left. */
  readonly simulated: boolean
  readonly method: string
  /** Minor units asked for, held by an approved authorization, and taken: digits. Captures add to what is taken. */
  readonly asked: string
  held: string
  taken: string
  readonly currency: string
  readonly exponent: number | null
  readonly description: string | null
  status: OperationStatus
  code: string | null
  advice_code: string | null
  reason: string | null
  text: string | null
  wished_code: string | null
  rrn: string | null
  approval_code: string | null
  card_token: string | null
  authentication: Authentication | null
  readonly descriptor: string | null
  readonly avs_result: string | null
  readonly cvc_result: string | null
  readonly tokenize: boolean
  readonly card: { readonly first6: string; readonly last4: string } | null
  /** What follows when the payer agrees on our page. */
  readonly planned: { readonly result: Result; readonly taken: string } | null
  /** Secret of the payer's page. */
  readonly challenge: string
  readonly return_url: string
  readonly notification_url: string
  readonly created_at: string
  /** Look-ups know it from this time on. */
  readonly visible_at: string
  refunds: Refund[]
  captures: Child[]
  cancels: Child[]
}

/** What is done with a charge or a hold afterwards. */
export type Child = {
  readonly id: string
  readonly reference: string
  readonly key: string | null
  readonly amount: string
  readonly created_at: string
  status: 'approved' | 'declined' | 'pending'
  reason: string | null
  text: string | null
  /** Captures: the rest of the hold is released. Cancels: all that was left. */
  readonly final?: boolean
  /** Refunds: the capture whose money is given back. */
  readonly capture?: string | null
  readonly rrn?: string
}

export type Refund = Child

export const childKinds = ['refund', 'capture', 'cancel'] as const
export type ChildKind = (typeof childKinds)[number]

export function childrenOf(operation: Operation, kind: ChildKind): Child[] {
  switch (kind) {
    case 'capture':
      return operation.captures
    case 'cancel':
      return operation.cancels
    default:
      return operation.refunds
  }
}

/** The truth about money at the providers, one entry per operation. Amounts in minor units, as digits. */
export type LedgerEntry = {
  readonly provider: ProviderName
  readonly terminal: string
  readonly id: string
  readonly reference: string
  readonly operation: OperationKind
  readonly test: boolean
  readonly method: string
  readonly amount: string
  readonly currency: string
  readonly status: OperationStatus
  /** Money was taken at some time. */
  readonly charged: boolean
  readonly charged_amount: string
  /** Still held for later captures. */
  readonly held_amount: string
  readonly refunded_amount: string
  readonly voided: boolean
  /** What the payer is out of pocket for now. */
  readonly net_amount: string
  readonly card: string | null
  /** Captures, cancels and refunds, each oldest first. */
  readonly children: readonly LedgerChild[]
  readonly created_at: string
}

export type LedgerChild = Pick<Child, 'reference' | 'amount' | 'status'> & { readonly kind: ChildKind }

/** Sum of the children that are done or under way. */
export function sumOf(children: readonly Child[]): bigint {
  return children.reduce((sum, child) => (child.status === 'declined' ? sum : sum + BigInt(child.amount)), 0n)
}

/** Sum of the refunds that are done or under way. */
export function refundedOf(operation: Operation): bigint {
  return sumOf(operation.refunds)
}

/** What of a hold may still be captured or cancelled; captures and cancels under way count as used. */
export function leftOfHold({ status, held, captures, cancels }: Operation): bigint {
  const closed = [...captures, ...cancels].some((child) => child.final && child.status !== 'declined')
  return status !== 'approved' || closed ? 0n : BigInt(held) - sumOf(captures) - sumOf(cancels)
}

export function ledgerEntry(operation: Operation): LedgerEntry {
  const charged = operation.taken !== '0'
  const refunded = operation.refunds.reduce((sum, r) => (r.status === 'approved' ? sum + BigInt(r.amount) : sum), 0n)
  const voided = operation.status === 'voided'
  return {
    provider: operation.provider,
    terminal: operation.terminal,
    id: operation.id,
    reference: operation.reference,
    operation: operation.operation,
    test: operation.test,
    method: operation.method,
    amount: operation.asked,
    currency: operation.currency,
    status: operation.status,
    charged,
    charged_amount: operation.taken,
    held_amount: leftOfHold(operation).toString(),
    refunded_amount: refunded.toString(),
    voided,
    net_amount: voided ? '0' : (BigInt(operation.taken) - refunded).toString(),
    card: operation.card ? `${operation.card.first6}******${operation.card.last4}` : null,
    children: (['capture', 'cancel', 'refund'] as const).flatMap((kind) =>
      childrenOf(operation, kind).map(({ reference, amount, status }) => ({ kind, reference, amount, status })),
    ),
    created_at: operation.created_at,
  }
}
