/**
 * The books of a cascade provider, kept under the provider's own id. All that happens to the prepaid balance is one of these
 * bookings. A hold is a pending debit of the balance; its credit side says what it is for, so that `held`, `frozen` and
 * `withdrawing` are pending credits of three accounts and always add up with `available` to the total. Cascade API, 9 and 11.
 */
import type { TransferKind } from '../transfer.ts'

/** The provider's own money with us. Credit-normal; the only limited account of these books. */
export const providerPrepaid = 'provider:prepaid'
/** What providers have paid for payers' transfers that reached them. */
export const cascadeClearing = 'cascade:clearing'
/** Nothing is ever posted here: it is the other side of money frozen for an appeal. */
export const cascadeAppeals = 'cascade:appeals'
/** Our own bank, where top-ups arrive and withdrawals leave. */
export const platformTreasury = 'platform:treasury'
/** What two persons have given to balances or taken from them. */
export const platformCorrections = 'platform:corrections'

export type ProviderCode =
  | 'top_up'
  | 'provider_hold'
  | 'provider_release'
  | 'provider_debit'
  | 'provider_late_debit'
  | 'appeal_freeze'
  | 'appeal_unfreeze'
  | 'appeal_freeze_moved'
  | 'appeal_unfreeze_moved'
  | 'appeal_reversal'
  | 'appeal_debit'
  | 'withdrawal_hold'
  | 'withdrawal_paid'
  | 'withdrawal_returned'
  | 'correction_credit'
  | 'correction_debit'

export type ProviderBooking = { readonly kind: TransferKind; readonly debit: string; readonly credit: string }

const between =
  (debit: string, credit: string) =>
  (kind: TransferKind): ProviderBooking => ({ kind, debit, credit })

const payment = between(providerPrepaid, cascadeClearing)
const freeze = between(providerPrepaid, cascadeAppeals)
const withdrawal = between(providerPrepaid, platformTreasury)

export const providerBookings: Readonly<Record<ProviderCode, ProviderBooking>> = {
  top_up: between(platformTreasury, providerPrepaid)('posted'),
  provider_hold: payment('pending'),
  provider_release: payment('void'),
  provider_debit: payment('post'),
  provider_late_debit: payment('posted'),
  appeal_freeze: freeze('pending'),
  appeal_unfreeze: freeze('void'),
  appeal_freeze_moved: freeze('pending'),
  appeal_unfreeze_moved: freeze('void'),
  appeal_reversal: between(cascadeClearing, providerPrepaid)('posted'),
  appeal_debit: payment('posted'),
  withdrawal_hold: withdrawal('pending'),
  withdrawal_paid: withdrawal('post'),
  withdrawal_returned: withdrawal('void'),
  correction_credit: between(platformCorrections, providerPrepaid)('posted'),
  correction_debit: between(providerPrepaid, platformCorrections)('posted'),
}

/** −1, 0 or 1: what one unit of the booking does to `available`. Ending a hold for good takes nothing more from it. */
export function effectOnAvailable(code: ProviderCode): bigint {
  const { kind, debit } = providerBookings[code]
  if (kind === 'post') return 0n
  const taken = kind === 'void' ? 1n : -1n
  return debit === providerPrepaid ? taken : -taken
}

/** In minor units of the settlement currency. `available` may be negative, and the total with it. */
export type ProviderFigures = {
  readonly available_minor: bigint
  readonly held_minor: bigint
  readonly frozen_minor: bigint
  readonly withdrawing_minor: bigint
  readonly total_minor: bigint
}

/** `available` is what the others leave of the total. */
export function figuresOf(sums: {
  readonly total_minor: bigint
  readonly held_minor: bigint
  readonly frozen_minor: bigint
  readonly withdrawing_minor: bigint
}): ProviderFigures {
  const { total_minor, held_minor, frozen_minor, withdrawing_minor } = sums
  return { ...sums, available_minor: total_minor - held_minor - frozen_minor - withdrawing_minor }
}
