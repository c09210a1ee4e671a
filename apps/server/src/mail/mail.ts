/** Mails to the people of a payment or a balance. Cascade API, 9.4, 11.1 and 11.2. */

export type Audience = 'merchant' | 'payer' | 'provider' | 'operator'

/** What is said: one line, and plain text without personal data. */
export type Letter = { readonly title: string; readonly body: string }

export type NewMail = Letter & {
  readonly id: string
  /** The appeal, or the provider whose balance it is. */
  readonly subject_id: string
  readonly audience: Audience
  /** An e-mail address. */
  readonly recipient: string
  readonly created_at: Date
}

/** A mail whose lease the worker holds. */
export type ClaimedMail = NewMail & {
  readonly account_id: string
  /** Tries that have ended before. */
  readonly attempts: number
  readonly leased_until: Date
}
