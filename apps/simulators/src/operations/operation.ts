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
    }

export type Operation = {
  readonly provider: ProviderName
  readonly terminal: string
  readonly id: string
  readonly reference: string
  readonly key: string | null
  /** Hash of what was asked, to tell a repeat from another request under the same key. */
  readonly fingerprint: string
  readonly operation: 'charge' | 'verify'
  readonly test: boolean
  readonly method: string
  /** Minor units asked for, and taken when approved: digits. */
  readonly asked: string
  taken: string
  readonly currency: string
  readonly exponent: number | null
  readonly description: string | null
  status: OperationStatus
  code: string | null
  advice_code: string | null
  reason: string | null
  text: string | null
  rrn: string | null
  approval_code: string | null
  card_token: string | null
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
}

export type Refund = {
  readonly id: string
  readonly reference: string
  readonly key: string | null
  readonly amount: string
  readonly created_at: string
  status: 'approved' | 'declined' | 'pending'
  reason: string | null
  text: string | null
}

/** The truth about money at the providers, one entry per operation. Amounts in minor units, as digits. */
export type LedgerEntry = {
  readonly provider: ProviderName
  readonly terminal: string
  readonly id: string
  readonly reference: string
  readonly operation: 'charge' | 'verify'
  readonly test: boolean
  readonly method: string
  readonly amount: string
  readonly currency: string
  readonly status: OperationStatus
  /** Money was taken at some time. */
  readonly charged: boolean
  readonly charged_amount: string
  readonly refunded_amount: string
  readonly voided: boolean
  /** What the payer is out of pocket for now. */
  readonly net_amount: string
  readonly card: string | null
  readonly created_at: string
}

/** Sum of the refunds that are done or under way. */
export function refundedOf(operation: Operation): bigint {
  return operation.refunds.reduce(
    (sum, refund) => (refund.status === 'declined' ? sum : sum + BigInt(refund.amount)),
    0n,
  )
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
    refunded_amount: refunded.toString(),
    voided,
    net_amount: voided ? '0' : (BigInt(operation.taken) - refunded).toString(),
    card: operation.card ? `${operation.card.first6}******${operation.card.last4}` : null,
    created_at: operation.created_at,
  }
}
