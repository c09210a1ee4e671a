/** What an event carries, to begin from: with values this connection is likely to take. */
import type { Connection } from '../../../../server/src/provider-api/connection-documents.ts'

export const events = [
  'CREATE_PAYMENT',
  'GET_PAYMENT',
  'CANCEL_PAYMENT',
  'CREATE_APPEAL',
  'CANCEL_APPEAL',
  'CONFIRM_APPEAL',
] as const
export type EventName = (typeof events)[number]

/** Written by hand, because amounts are put in as the text they are. */
export function eventData(event: EventName, connection: Connection, reference: string | null): string {
  const [first] = connection.methods
  const amount = first?.limits.min ?? '3900'
  const id = JSON.stringify(reference ?? '')
  if (event === 'CREATE_PAYMENT') {
    return lines([
      `"amount": ${amount}`,
      `"method": ${JSON.stringify(first?.method ?? 'card')}`,
      '"currencyRate": 85.5',
      `"currency": ${JSON.stringify(connection.currencies?.[0] ?? 'RUB')}`,
      `"transactionWindowInMin": ${connection.window_minutes}`,
    ])
  }
  if (event === 'CREATE_APPEAL') {
    return lines([`"id": ${id}`, `"amount": ${amount}`, '"url": "https://example.com/receipt.pdf"'])
  }
  return lines([`"id": ${id}`])
}

function lines(members: readonly string[]): string {
  return `{\n${members.map((member) => `  ${member}`).join(',\n')}\n}`
}
