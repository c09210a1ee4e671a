/** What is made of counted provider payments. Cascade API, section 17. */

/** `given` is of `asked`, by the time of the request; `paid` and what follows it is of `issued`, by the time of the issue. */
export type ConversionCounts = {
  readonly asked: number
  readonly given: number
  readonly refused: number
  readonly unknown: number
  readonly violations: number
  readonly issued: number
  /** Late ones and appeal confirmations included. */
  readonly paid: number
  readonly paid_late: number
  readonly paid_by_appeal: number
  readonly early_failures: number
}

/** Shares of 0 to 1; `null` = nothing to divide by. */
export type ConversionRates = {
  readonly issue_rate: number | null
  readonly payment_rate: number | null
  readonly refusal_share: number | null
  readonly unknown_share: number | null
  readonly early_failure_share: number | null
}

export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

export function ratesOf(counts: ConversionCounts): ConversionRates {
  const { asked, issued } = counts
  return {
    issue_rate: shareOf(counts.given, asked),
    payment_rate: shareOf(counts.paid, issued),
    refusal_share: shareOf(counts.refused, asked),
    unknown_share: shareOf(counts.unknown, asked),
    early_failure_share: shareOf(counts.early_failures, issued),
  }
}

const steps_s = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400] as const
const points_max = 90

/** The shortest step that shows a period by few enough points; a day for the longest. */
export function stepOf(period_s: number): number {
  return steps_s.find((step_s) => period_s / step_s <= points_max) ?? 86_400
}

/**
 * The amounts that are shown together: 1 to under 5 and 5 to under 10 of every power of ten. `lower_minor` is 1 or 5 times such a
 * power, as the statement finds it.
 */
export function bandOf(lower_minor: bigint): { readonly from_minor: bigint; readonly to_minor: bigint } {
  const times = String(lower_minor).startsWith('5') ? 2n : 5n
  return { from_minor: lower_minor, to_minor: lower_minor * times - 1n }
}
