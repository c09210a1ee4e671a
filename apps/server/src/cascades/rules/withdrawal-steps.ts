/** The life of a withdrawal: requested → approved → paid, or back to the balance. Cascade API, 9.3. */

export const withdrawalStatuses = ['requested', 'approved', 'paid', 'rejected', 'cancelled'] as const
export type WithdrawalStatus = (typeof withdrawalStatuses)[number]
export type WithdrawalStep = Exclude<WithdrawalStatus, 'requested'>

/**
 * From which statuses a step may be taken. Once approved, money may be on its way: the provider cannot cancel any more, and only
 * the operator, who knows, rejects.
 */
export const withdrawalSteps: Readonly<Record<WithdrawalStep, readonly WithdrawalStatus[]>> = {
  approved: ['requested'],
  paid: ['approved'],
  rejected: ['requested', 'approved'],
  cancelled: ['requested'],
}

/** A new destination cannot be used for so long: whoever breaks into a dashboard does not leave with the balance. */
export const destination_wait_hours = 24

/** From when on money may be sent there. */
export function usableFrom(saved_at: Date): Date {
  return new Date(saved_at.getTime() + destination_wait_hours * 3_600_000)
}
