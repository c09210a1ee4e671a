/** For tests: a connection, a question, and an answer that is right. */
import type { SendResult } from '@cascad/connector'
import type { IssueRequest } from '@cascad/connector/requisites'
import type { Credentials } from './credentials.ts'
import type { Asked } from './read-issue.ts'

export const connection: Credentials = {
  endpoint_url: 'http://127.0.0.1:1/cascade',
  api_key: 'sample_key_of_a_provider',
}

export const asked: Asked = {
  method: 'card',
  amount: '3900',
  currency: 'RUB',
  currency_rate: '85.5',
  requested_at: '2026-03-01T10:00:00.000Z',
  expires_at: '2026-03-01T10:30:00.000Z',
  require_luhn: false,
}

export const right = {
  id: 'your-unique-transaction-id',
  status: 'pending',
  bank: 'Example Bank',
  owner: 'Ivan Ivanov',
  cardNumber: '5363 5423 1029 7979',
}

export const requested_at = new Date('2026-03-01T10:00:00Z')

export function sampleIssue(more: Partial<IssueRequest<Credentials>> = {}): IssueRequest<Credentials> {
  return {
    credentials: connection,
    attempt_id: 'att_1',
    test_mode: true,
    method: 'card',
    amount_minor: 390_000n,
    currency: 'RUB',
    exponent: 2,
    currency_rate: '85.5',
    requested_at,
    closes_at: new Date('2026-03-01T11:00:00Z'),
    ...more,
  }
}

export function answered(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): SendResult {
  return { type: 'response', status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
}
