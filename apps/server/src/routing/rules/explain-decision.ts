/** The decision after an attempt in words. Cascading rules, sections 10 and 14. */

const words: Readonly<Record<string, string>> = {
  win: 'approved',
  hop: 'another gateway is tried',
  step_up: 'the bank wants the payer confirmed: the same gateway is tried with 3-D Secure',
  wait: 'the payer or the gateway is waited for',
  wait_undecided: 'another attempt is not decided yet',
  late_success: 'approved late, and accepted',
  stop_payment_closed: 'no other gateway: the payment has ended',
  stop_payer_acted: 'no other gateway: the payer has acted',
  stop_network: 'no other gateway: the card network allows no further attempt with this card',
  stop_max_attempts: 'no other gateway: no attempts left',
  stop_time_budget: 'no other gateway: no time left',
  stop_merchant_drives: 'no other gateway: the merchant chooses himself',
  stop_off: 'no other gateway: cascading is off',
  stop_no_candidates: 'no other gateway is left',
}

/** Why the next gateway was or was not tried; `null` while nothing is decided. */
export function explainDecision(decision: string | null): string | null {
  if (decision === null) return null
  const known = words[decision]
  if (known !== undefined) return known
  const [, kind, name = ''] = /^stop_(class|quota)_(.+)$/.exec(decision) ?? []
  const said = name.replaceAll('_', ' ')
  if (kind === 'class') return `no other gateway: a decline of this kind (${said}) is not tried elsewhere`
  if (kind === 'quota') return `no other gateway: a decline of this kind (${said}) has had its other try`
  return decision.replaceAll('_', ' ')
}
