/** Every word a payer reads, in one typed table per language: a missing one is a type error. */
import type { RequisiteMethod } from '@cascad/connector/requisites'
import type { RejectionReason } from '../../appeals/appeal.ts'
import type { Locale } from '../../directory/service.ts'
import type { FailureReason } from '../rules/failure-reason.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'
import { uk } from './uk.ts'

export type Texts = {
  readonly language: string
  readonly switch_language: string
  readonly test_mode: string
  readonly pay_to: string
  readonly amount: string
  readonly secure: string
  readonly close: string
  readonly steps: { readonly label: string; readonly method: string; readonly details: string; readonly result: string }
  readonly time_left: string
  readonly methods: {
    readonly title: string
    readonly search: string
    readonly filter: string
    readonly all: string
    readonly none: string
    readonly nothing_offered: string
    readonly no_fee: string
    /** Before an amount that is more than the shop's price. */
    readonly total: string
    readonly by_details: string
    readonly show_all: string
    readonly categories: Readonly<Record<string, string>>
  }
  readonly fields: {
    readonly title: string
    readonly check: string
    readonly next: string
    readonly optional: string
    readonly example: string
    readonly blank: string
    readonly invalid: string
  }
  readonly card: {
    readonly title: string
    readonly saved: string
    readonly number: string
    readonly expiry: string
    readonly expiry_hint: string
    readonly cvv: string
    readonly cvv_hint: string
    readonly holder: string
    readonly number_blank: string
    readonly number_invalid: string
    readonly expiry_blank: string
    readonly expiry_invalid: string
    readonly expiry_past: string
    readonly cvv_blank: string
    readonly cvv_invalid: string
    readonly holder_long: string
    readonly check: string
    readonly sending: string
    readonly several_messages: string
  }
  readonly labels: {
    readonly pay: string
    readonly subscribe: string
    readonly donate: string
    readonly verify: string
  }
  readonly cancel: { readonly open: string; readonly question: string; readonly confirm: string }
  readonly confirm: { readonly title: string; readonly text: string; readonly button: string }
  readonly onward: { readonly title: string; readonly text: string; readonly button: string; readonly again: string }
  readonly waiting: {
    readonly title: string
    readonly text: string
    readonly another_title: string
    readonly another_text: string
    readonly slow_title: string
    readonly slow_text: string
    readonly provider_title: string
    readonly provider_text: string
    readonly refresh: string
    readonly offline: string
    readonly leave: string
    readonly leave_text: string
  }
  readonly invoice: {
    readonly title: string
    readonly text: string
    readonly paid: string
    readonly test_text: string
    readonly test_paid: string
    readonly test_fail: string
  }
  /** Payment by a transfer to a card, a phone number or an account. */
  readonly requisites: {
    readonly title: Readonly<Record<RequisiteMethod, string>>
    readonly number: Readonly<Record<RequisiteMethod, string>>
    readonly amount: string
    readonly bank: string
    readonly owner: string
    readonly order: string
    readonly copy: string
    readonly copied: string
    readonly until: string
    readonly how: string
    readonly steps: Readonly<Record<RequisiteMethod, readonly string[]>>
    readonly please: string
    readonly warnings: readonly string[]
    readonly code_for_app: string
    readonly code_for_phone: string
    readonly paid: string
    readonly other: string
    readonly other_question: string
    readonly other_confirm: string
    readonly cancel_question: string
    readonly cancel_confirm: string
    readonly searching: string
    readonly searching_text: string
    readonly none: string
    readonly none_text: string
    readonly search_again: string
    readonly claimed: string
    readonly claimed_text: string
    readonly claimed_once: string
    readonly kept: string
    readonly late: string
    readonly late_text: string
    readonly late_sent: string
    readonly late_shop: string
    readonly sent_to: string
    readonly time_over: string
    readonly time_over_text: string
    readonly paid_already: string
    readonly checking_last: string
    readonly over: string
    readonly over_text: string
    readonly do_not_pay: string
    readonly not_found: string
    readonly start_at_shop: string
    readonly sent_anyway: string
    readonly other_amount: string
  }
  readonly appeal: {
    readonly title: string
    readonly lead: string
    readonly reason: string
    readonly which: string
    readonly not_credited: string
    readonly wrong_amount: string
    readonly amount: string
    readonly amount_hint: string
    readonly receipt: string
    readonly receipt_hint: string
    readonly comment: string
    readonly send: string
    readonly back: string
    readonly reason_blank: string
    readonly amount_invalid: string
    readonly amount_same: string
    readonly amount_large: string
    readonly receipt_blank: string
    readonly receipt_invalid: string
    readonly receipt_again: string
    readonly comment_long: string
    readonly checking: string
    readonly checking_text: string
    readonly rejected: string
    readonly rejections: Readonly<Record<RejectionReason, string>>
    readonly contest_lead: string
    readonly contest_until: string
    readonly contest: string
    readonly seen_amount: string
    readonly accept_amount: string
    readonly confirmed: string
    readonly confirmed_text: string
    readonly cancelled: string
    readonly cancelled_text: string
    readonly answer_by: string
    readonly keep_link: string
    readonly sent_amount: string
    readonly number: string
  }
  readonly result: {
    readonly paid: string
    readonly verified: string
    readonly paid_partly: string
    readonly paid_partly_text: string
    readonly failed: string
    readonly failed_once: string
    readonly nothing_taken: string
    readonly try_card: string
    readonly other_method: string
    readonly time_over: string
    readonly time_over_text: string
    readonly cancelled: string
    readonly cancelled_text: string
    readonly refund_running: string
    readonly refund_running_text: string
    readonly refunded: string
    readonly refunded_partly: string
    readonly refunded_text: string
    readonly disputed: string
    readonly disputed_text: string
    readonly return: string
    readonly return_soon: string
    readonly start_again: string
    readonly done: string
    readonly may_close: string
    readonly merchant: string
    readonly description: string
    readonly date: string
    readonly id: string
    readonly asked: string
    readonly charged: string
    readonly returned_amount: string
    readonly reference: string
  }
  readonly reasons: Readonly<Record<FailureReason, string>>
  readonly errors: {
    readonly bad_request: string
    readonly unauthorized: string
    readonly forbidden: string
    readonly not_found: string
    readonly gone: string
    readonly gone_text: string
    readonly invalid: string
    readonly invalid_text: string
    readonly too_many: string
    readonly unavailable: string
    readonly text: string
  }
}

export const texts: Readonly<Record<Locale, Texts>> = { en, ru, uk }
