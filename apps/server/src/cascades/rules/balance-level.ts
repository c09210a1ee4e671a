/** How far down a balance is. `overdrawn` = more than a day's business below zero. Cascade API, 9.4. */
export const balanceLevels = ['fine', 'low', 'empty', 'overdrawn'] as const
export type BalanceLevel = (typeof balanceLevels)[number]

export type WatchedBalance = {
  readonly available_minor: bigint
  readonly low_balance_alert_minor: bigint
  /** What payments took in the last 24 hours. */
  readonly day_debits_minor: bigint
}

export function levelOf({ available_minor, low_balance_alert_minor, day_debits_minor }: WatchedBalance): BalanceLevel {
  if (available_minor < 0n && available_minor < -day_debits_minor) return 'overdrawn'
  if (available_minor <= 0n) return 'empty'
  return available_minor < low_balance_alert_minor ? 'low' : 'fine'
}
