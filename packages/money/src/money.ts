/**
 * Amounts, fees and conversions. An amount is a bigint of minor units; decimals exist only as text, where it enters or leaves.
 * `exponent` is the number of decimals of a currency (USD 2, JPY 0, BTC 8); a rate is plain decimal text, fees in percent.
 * Every formula is an exact fraction rounded once (see fraction.ts). Source: merchant API contract, sections 3.2, 3.3, 12.1, 18.
 */
import {
  add,
  divide,
  type Fraction,
  fractionOf,
  isLess,
  multiply,
  powerOfTen,
  roundDown,
  roundUp,
  subtract,
  whole,
} from './fraction.ts'

/** An amount in minor units of its currency. */
export type Minor = bigint

const amountLiteral = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/
const literalMax = 400
const powerMax = 400

/**
 * Reads the literal text of a JSON number, or a plain decimal string, as minor units. Trailing zeros are no decimals.
 * Hostile text stays cheap: over 400 characters it is no number, and a power of ten above 400 counts as 400, which is
 * beyond every ceiling either way.
 */
export function parseAmount(literal: string, exponent: number): Minor | 'not_a_number' | 'too_many_decimals' {
  const parts = literal.length > literalMax ? null : amountLiteral.exec(literal)
  if (parts === null) return 'not_a_number'
  const [, sign, units = '', decimals = '', power = '0'] = parts
  const digits = (units + decimals).replace(/0+$/, '')
  if (/^0*$/.test(digits)) return 0n
  const dropped = units.length + decimals.length - digits.length
  const shift = Math.min(Number(power), powerMax) - decimals.length + dropped + exponent
  if (shift < 0) return 'too_many_decimals'
  const minor = BigInt(digits) * powerOfTen(shift)
  return sign === '-' ? -minor : minor
}

/** Shortest plain notation, for JSON numbers: "100", "123.45", "0.00000001". */
export function formatMinor(minor: Minor, exponent: number): string {
  const fixed = formatFixed(minor, exponent)
  return exponent === 0 ? fixed : fixed.replace(/\.?0+$/, '')
}

/** With all decimals of the currency: "10.00". */
export function formatFixed(minor: Minor, exponent: number): string {
  const sign = minor < 0n ? '-' : ''
  const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, '0')
  if (exponent === 0) return sign + digits
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** How a payment's fee is reckoned. All minor amounts in the invoice currency; 0 in a bound = no bound. */
export type FeeTerms = {
  readonly strategy: 'internal' | 'external'
  readonly reverse: boolean
  /** Percent, at least 0 and below 100: "3" = 3 %. */
  readonly rate: string
  readonly fix_minor: Minor
  readonly min_minor: Minor
  readonly max_minor: Minor
}

export type FeePlan = { readonly payment_amount_minor: Minor; readonly deposit_minor: Minor; readonly fee_minor: Minor }

/**
 * What the payer pays, what the merchant gets and the fee between them, for the amount of the request. The formulas are
 * the same at every exponent. `deposit_minor` may be below 0: the caller refuses such an invoice. Contract 18.2.
 */
export function planFee(amount_minor: Minor, _exponent: number, terms: FeeTerms): FeePlan {
  const fee_minor = roundUp(plannedFee(whole(amount_minor), terms))
  const onTop = (terms.strategy === 'external') !== terms.reverse
  return onTop
    ? { payment_amount_minor: amount_minor + fee_minor, deposit_minor: amount_minor, fee_minor }
    : { payment_amount_minor: amount_minor, deposit_minor: amount_minor - fee_minor, fee_minor }
}

/** The fee when the payer paid another amount than asked: from the paid amount as gross, never more than it. Contract 18.2. */
export function feeOfPaid(paid_minor: Minor, _exponent: number, terms: FeeTerms): Minor {
  const gross = whole(paid_minor)
  const fee = roundUp(terms.strategy === 'internal' ? directFee(gross, terms) : inverseInFee(gross, terms))
  return fee > paid_minor ? paid_minor : fee
}

function plannedFee(amount: Fraction, terms: FeeTerms): Fraction {
  if (!terms.reverse) return directFee(amount, terms)
  return terms.strategy === 'internal' ? inverseOutFee(amount, terms) : inverseInFee(amount, terms)
}

function directFee(amount: Fraction, terms: FeeTerms): Fraction {
  return clamp(add(multiply(amount, share(terms.rate)), whole(terms.fix_minor)), terms)
}

/** For a net amount, the fee as a share of the gross. */
function inverseOutFee(net: Fraction, terms: FeeTerms): Fraction {
  const gross = divide(add(net, whole(terms.fix_minor)), subtract(whole(1n), share(terms.rate)))
  return clamp(subtract(gross, net), terms)
}

/** For a gross amount, the fee as a share of the net. */
function inverseInFee(gross: Fraction, terms: FeeTerms): Fraction {
  const net = divide(subtract(gross, whole(terms.fix_minor)), add(whole(1n), share(terms.rate)))
  return clamp(subtract(gross, net), terms)
}

function clamp(fee: Fraction, terms: FeeTerms): Fraction {
  const atLeast = isLess(fee, whole(terms.min_minor)) ? whole(terms.min_minor) : fee
  return terms.max_minor > 0n && isLess(whole(terms.max_minor), atLeast) ? whole(terms.max_minor) : atLeast
}

function share(percent: string): Fraction {
  return divide(fractionOf(percent), whole(100n))
}

/** `minor` × rate in the other currency, rounded up: what somebody has to pay. Rate: to-units for one from-unit. */
export function convertUp(minor: Minor, from_exponent: number, to_exponent: number, rate: string): Minor {
  return roundUp(converted(minor, from_exponent, to_exponent, fractionOf(rate)))
}

/** `minor` × rate in the other currency, rounded down: what somebody gets. */
export function convertDown(minor: Minor, from_exponent: number, to_exponent: number, rate: string): Minor {
  return roundDown(converted(minor, from_exponent, to_exponent, fractionOf(rate)))
}

/** `minor` ÷ rate, rounded up: back over the rate that `convertUp` and `convertDown` multiply by. RangeError when it is 0. */
export function convertBackUp(minor: Minor, from_exponent: number, to_exponent: number, rate: string): Minor {
  return roundUp(converted(minor, from_exponent, to_exponent, divide(whole(1n), fractionOf(rate))))
}

/** `minor` ÷ rate, rounded down. RangeError when the rate is 0. */
export function convertBackDown(minor: Minor, from_exponent: number, to_exponent: number, rate: string): Minor {
  return roundDown(converted(minor, from_exponent, to_exponent, divide(whole(1n), fractionOf(rate))))
}

function converted(minor: Minor, from_exponent: number, to_exponent: number, rate: Fraction): Fraction {
  const scale = { numerator: powerOfTen(to_exponent), denominator: powerOfTen(from_exponent) }
  return multiply(multiply(whole(minor), rate), scale)
}

export type PaidConversion = {
  /** What arrived, and what was asked for, in minor units of the currency the payer pays in. */
  readonly paid_minor: Minor
  readonly payment_service_amount_minor: Minor
  readonly service_exponent: number
  /** What was asked for in the invoice's currency. */
  readonly payment_amount_minor: Minor
  readonly exponent: number
  /** Service units for one invoice unit. */
  readonly rate: string
}

/** The paid amount in the invoice's currency: the asked amount when exactly that was paid, else rounded down. Contract 18.2. */
export function paidInInvoiceCurrency(paid: PaidConversion): Minor {
  if (paid.paid_minor === paid.payment_service_amount_minor) return paid.payment_amount_minor
  return convertBackDown(paid.paid_minor, paid.service_exponent, paid.exponent, paid.rate)
}

/** The rolling reserve held back from a processed payment: a percentage of the gross, rounded up, at most the deposit. Contract 18.5. */
export function reserveOf(processed_minor: Minor, deposit_minor: Minor, rate: string, _exponent: number): Minor {
  const reserve = roundUp(multiply(whole(processed_minor), share(rate)))
  if (deposit_minor <= 0n) return 0n
  return reserve > deposit_minor ? deposit_minor : reserve
}

export type RefundedSoFar = {
  readonly processed_amount_minor: Minor
  readonly processed_fee_minor: Minor
  /** Refunds done before this one, and the fee given back with them. */
  readonly refunded_before_minor: Minor
  readonly returned_before_minor: Minor
  readonly refund_minor: Minor
}

/**
 * The fee given back with this refund, for accounts that return it: the share of all refunds so far, rounded down once over
 * their sum, less what was given back before. From 0 to the refund, so that the merchant's debit is never negative. Contract 12.1.
 */
export function returnedFee(so_far: RefundedSoFar): Minor {
  const refunded = so_far.refunded_before_minor + so_far.refund_minor
  const due = (so_far.processed_fee_minor * refunded) / so_far.processed_amount_minor - so_far.returned_before_minor
  if (due <= 0n) return 0n
  if (due > so_far.refund_minor) return so_far.refund_minor
  return due
}
