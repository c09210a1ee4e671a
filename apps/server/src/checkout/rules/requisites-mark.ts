/** Tells states of a payment by requisites apart, for pages that were opened a while ago. Nothing in it says what the requisites are. */
import type { RequisitesView } from '../../requisites/requisites-view.ts'

/** The same as long as the same requisites are meant: the end of their time is no other set's. */
export function setMark({ expires_at }: Pick<RequisitesView, 'expires_at'>): string {
  return expires_at ? expires_at.getTime().toString(36) : 'none'
}

/** Changes whenever the page would look different. */
export function pageMark(view: RequisitesView): string {
  const may = [view.may_ask_other, view.may_cancel, view.may_claim, view.may_appeal, view.shown?.masked ?? true]
  return `${view.phase}-${setMark(view)}-${may.map((one) => (one ? '1' : '0')).join('')}`
}
