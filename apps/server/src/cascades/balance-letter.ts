/** To a provider and to operators: a balance has run low or out. Cascade API, 9.4. */

import { amountText } from '../directory/amount-text.ts'
import type { Letter } from '../mail/mail.ts'
import { oneLine } from '../mail/rules/one-line.ts'
import type { Provider } from './provider.ts'
import type { BalanceLevel } from './rules/balance-level.ts'

export type LowBalance = {
  readonly provider: Provider
  readonly test_mode: boolean
  readonly level: Exclude<BalanceLevel, 'fine'>
  readonly available_minor: bigint
}

const name_length_max = 80

const titles = { low: 'is low', empty: 'is used up', overdrawn: 'is far below zero' } as const

const texts = {
  low: 'New payments stop when nothing is left.',
  empty: 'Nothing is left: there are no new payments until the balance is topped up.',
  overdrawn: 'It is further below zero than a day of business takes.',
} as const

/** `place`: where the reader sees more. */
export function balanceLetter({ provider, test_mode, level, available_minor }: LowBalance, place: string): Letter {
  const { settlement_currency, settlement_scale, low_balance_alert_minor } = provider
  const name = oneLine(provider.name, name_length_max)
  const amount = (minor: bigint): string => amountText(minor, settlement_currency, settlement_scale, 'en')
  const drains = level === 'overdrawn' && !test_mode
  const body = [
    texts[level],
    ...(drains ? ['It takes no new payments until an operator says otherwise.'] : []),
    '',
    `Provider: ${name}`,
    `Available: ${amount(available_minor)}`,
    `Alert below: ${amount(low_balance_alert_minor)}`,
    '',
    place,
    ...(test_mode ? ['', 'This is about test mode: no money moves.'] : []),
    '',
  ]
  return { title: `${test_mode ? '[test] ' : ''}The balance of ${name} ${titles[level]}`, body: body.join('\n') }
}
