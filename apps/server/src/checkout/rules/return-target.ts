/** Where the payer goes after the payment. Targets come from the stored invoice or the account, never from a request. Contract 14.6. */
import type { Account } from '../../accounts/account.ts'
import type { Payment, PaymentStatus } from '../../payments/payment.ts'

export type ReturnClass = 'success' | 'pending' | 'fail'

const pending: ReadonlySet<PaymentStatus> = new Set(['created', 'processing', 'process_pending', 'process_error'])
const failed: ReadonlySet<PaymentStatus> = new Set(['process_failed', 'verify_failed', 'expired', 'terminated'])

export function returnClass(status: PaymentStatus): ReturnClass {
  if (pending.has(status)) return 'pending'
  return failed.has(status) ? 'fail' : 'success'
}

type Sent = Pick<Payment, 'status' | 'return_url' | 'return_urls'>

/** The first target that exists, or `null`: then the payer stays on the status page. */
export function returnTarget(payment: Sent, account: Pick<Account, 'return_urls'>): string | null {
  const kind = returnClass(payment.status)
  return (
    payment.return_urls?.[kind] ??
    payment.return_url ??
    payment.return_urls?.pending ??
    account.return_urls[kind] ??
    account.return_urls.common ??
    null
  )
}
