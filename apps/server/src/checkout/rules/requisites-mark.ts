/** Tells states of a payment by requisites apart, for pages that were opened a while ago. Nothing in it says what the requisites are. */
import type { RequisitesView } from '../../requisites/requisites-view.ts'

/** The same as long as the same requisites, or the same failed search, are meant. */
export function setMark({ asked }: Pick<RequisitesView, 'asked'>): string {
  return String(asked)
}

/** Changes whenever the page would look different. */
export function pageMark(view: RequisitesView): string {
  const may = [view.may_ask_other, view.may_cancel, view.may_claim, view.may_appeal, view.shown?.masked ?? true]
  return `${view.phase}-${setMark(view)}-${may.map((one) => (one ? '1' : '0')).join('')}`
}
