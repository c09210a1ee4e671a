/** Where the payer goes back to: the address of the shop as it was given, with `uid` and `status` added. Card API contract 15.1. */
import type { TransactionStatus } from '../transaction.ts'

/** What the shop put there stays letter by letter: it may be signed. `status` is for the eye only; shops ask by uid. */
export function shopAddress(return_url: string, uid: string, status: TransactionStatus): string {
  const at = return_url.indexOf('#')
  const address = at === -1 ? return_url : return_url.slice(0, at)
  const fragment = at === -1 ? '' : return_url.slice(at)
  return `${address}${jointAfter(address)}uid=${uid}&status=${status}${fragment}`
}

function jointAfter(address: string): string {
  const query_at = address.indexOf('?')
  if (query_at === -1) return '?'
  return query_at === address.length - 1 || address.endsWith('&') ? '' : '&'
}
