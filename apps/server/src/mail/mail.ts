/** Mails to the people of a payment or a balance. Cascade API, 9.4, 11.1 and 11.2. */

export type Audience = 'merchant' | 'payer' | 'provider' | 'operator'

/** What is said: one line, and plain text without personal data. */
export type Letter = { readonly title: string; readonly body: string }

export type NewMail = Letter & {
  readonly id: string
  /** The appeal, the provider whose balance it is, or the source of reference rates. */
  readonly subject_id: string
  readonly audience: Audience
  /** An e-mail address. */
  readonly recipient: string
  readonly created_at: Date
}

/** A mail whose lease the worker holds. */
export type ClaimedMail = NewMail & {
  readonly account_id: string
  /** Tries that have ended before, since it was queued last. */
  readonly attempts: number
  /** When its day of tries began. */
  readonly trying_since: Date
  readonly leased_until: Date
}

export const mailStatuses = ['queued', 'sent', 'failed'] as const
export type MailStatus = (typeof mailStatuses)[number]

/** A mail as it is kept. Recipient, title and body are `null` after 30 days. */
export type MailRow = Pick<NewMail, 'id' | 'subject_id' | 'audience' | 'created_at'> & {
  readonly account_id: string
  readonly recipient: string | null
  readonly title: string | null
  readonly body: string | null
  readonly status: MailStatus
  /** Tries that have ended, since it was queued last. */
  readonly attempts: number
  readonly last_error: string | null
  /** When it was sent or given up. */
  readonly ended_at: Date | null
  /** When it is tried next; `null` = it is not. */
  readonly due_at: Date | null
  /** When an operator last let it be tried again. */
  readonly requeued_at: Date | null
}
