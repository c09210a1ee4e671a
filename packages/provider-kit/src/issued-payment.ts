/** What a handler gave back, checked before it leaves. Source: Cascade API contract, sections 3.1 and 14.2. */
import { type IssuedPayment, type Method, numberField, type PaymentStatus, paymentStatuses } from './events.ts'
import { isId, isPlain } from './read-data.ts'

/** A mistake in the provider's own program: the caller gets 500, the log says which field it was. */
export class HandlerMistake extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'HandlerMistake'
  }
}

const forms: Readonly<Record<Method, (value: string) => boolean>> = {
  card: (value) => /^\d{13,19}$/.test(value.replace(/[ -]/g, '')),
  sbp: (value) => /^\+?\d{10,15}$/.test(value.replace(/[ ()-]/g, '')),
  account: (value) => /^[0-9A-Za-z]{5,34}$/.test(value.replace(/[ -]/g, '')),
}

/** Only the fields of the contract, in its order. Throws HandlerMistake when one is missing or malformed. */
export function checkIssued(result: unknown, method: Method): IssuedPayment {
  const given = (result ?? {}) as Partial<IssuedPayment>
  if (!isId(given.id)) throw new HandlerMistake('createPayment must give an id of 1 to 128 characters')
  if (given.status === 'appeal') throw new HandlerMistake('a new payment cannot have the status appeal')
  const field = numberField[method]
  const number = given[field]
  if (typeof number !== 'string' || !forms[method](number)) {
    throw new HandlerMistake(`createPayment must give a valid ${field} for ${method}`)
  }
  return {
    id: given.id,
    status: checkStatus(given.status),
    bank: checkText('bank', given.bank, 128),
    owner: checkText('owner', given.owner, 256),
    [field]: number,
  }
}

export function checkStatus(status: unknown): PaymentStatus {
  if ((paymentStatuses as readonly unknown[]).includes(status)) return status as PaymentStatus
  throw new HandlerMistake(`the status must be one of ${paymentStatuses.join(', ')}`)
}

export function checkAppeal(result: unknown): { appealId?: string } {
  const { appealId } = (result ?? {}) as { appealId?: unknown }
  if (appealId === undefined || appealId === null) return {}
  if (isId(appealId)) return { appealId }
  throw new HandlerMistake('appealId must be text of 1 to 128 characters')
}

function checkText(name: string, value: unknown, length_max: number): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= length_max && isPlain(value)) return value
  throw new HandlerMistake(`createPayment must give ${name}, 1 to ${length_max} characters`)
}
