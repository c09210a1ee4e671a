/** What of a callback's body the shop shows. A body that cannot be read is kept and shown as it came. */

export type CallbackFacts = {
  /** Set in a callback about an appeal: its id, why it was opened, and what had been asked for. */
  readonly appeal: { readonly id: string; readonly reason: string; readonly original_amount: string } | null
  readonly payment_id: string
  readonly reference_id: string
  readonly status: string
  readonly resolution: string
  readonly amount: string
  readonly payment_amount: string
  readonly fee: string
  readonly currency: string
}

export function readCallback(body: string): CallbackFacts {
  const data = member(parse(body), 'data')
  const attributes = member(data, 'attributes')
  const id = text(data, 'id')
  const isAppeal = text(data, 'type') === 'payment-appeals'
  const invoice = member(member(member(data, 'relationships'), 'payment-invoice'), 'data')
  return {
    appeal: isAppeal
      ? { id, reason: text(attributes, 'reason'), original_amount: text(attributes, 'original_amount') }
      : null,
    payment_id: isAppeal ? text(invoice, 'id') : id,
    reference_id: text(attributes, 'reference_id'),
    status: text(attributes, 'status'),
    resolution: text(attributes, 'resolution'),
    amount: text(attributes, 'amount'),
    payment_amount: text(attributes, 'payment_amount'),
    fee: text(attributes, 'fee'),
    currency: text(attributes, 'currency'),
  }
}

/** The JSON of a body, `null` = it is none. Numbers become their own text: amounts are for reading, not for counting. */
export function parse(body: string): unknown {
  const keepText = (_key: string, value: unknown, context: { source?: string }): unknown =>
    typeof value === 'number' ? (context.source ?? String(value)) : value
  try {
    return JSON.parse(body, keepText as (key: string, value: unknown) => unknown)
  } catch {
    return null
  }
}

export function member(object: unknown, name: string): unknown {
  if (object === null || typeof object !== 'object' || !Object.hasOwn(object, name)) return undefined
  return (object as Record<string, unknown>)[name]
}

export function text(object: unknown, name: string): string {
  const value = member(object, name)
  return typeof value === 'string' ? value : ''
}
