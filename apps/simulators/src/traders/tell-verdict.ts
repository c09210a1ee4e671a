/** One try to tell the platform what the desk says about an appeal, over the dashboard's API. */
import { type Decimal, toMinor } from '@cascad/provider-kit'
import type { Ask } from './dashboard-client.ts'
import type { Desk, Told, TraderAppeal, TraderPayment } from './desk.ts'
import { writePdf } from './evidence.ts'

export type Tell = Pick<Desk, 'name' | 'payments'> & { readonly now_ms: number }

// biome-ignore lint/suspicious/noExplicitAny: documents of another program, read member by member
type Document = any

const reasons = ['payment_not_found', 'wrong_requisites', 'already_credited', 'receipt_invalid']
/** Where the platform is once it has heard what the desk says. */
const heard = { accept: ['accepted', 'confirmed'], reject: ['rejected'] } as const

/** `waiting` = worth another try. Rejects when the platform cannot be reached. */
export async function tellVerdict(ask: Ask, desk: Tell, appeal: TraderAppeal): Promise<Told> {
  const { verdict, payment_id } = appeal
  if (verdict === null) throw new Error('there is no verdict to tell')
  const found = await findAppeal(ask, appeal)
  if (!found) return { state: 'waiting', text: 'the platform shows no such appeal yet' }
  if ((heard[verdict] as readonly string[]).includes(found.state))
    return { state: 'told', text: `it is ${found.state}` }
  if (found.state === 'opened') return { state: 'waiting', text: 'the platform has not read our answer yet' }
  if (found.state !== 'submitted') return { state: 'refused', text: `for the platform it is in state ${found.state}` }
  const body = verdict === 'accept' ? {} : rejection(desk, appeal, desk.payments.get(payment_id))
  const { status, document } = await ask('POST', `/appeals/${found.id}/${verdict}`, body)
  if (status === 200) return { state: 'told', text: `it is ${(document as Document)?.appeal?.state}` }
  const text = `answered ${status}: ${(document as Document)?.error?.message ?? 'no reason given'}`
  return { state: status >= 500 || [401, 409, 429].includes(status) ? 'waiting' : 'refused', text }
}

type Found = { readonly id: string; readonly state: string; readonly amount: Decimal }

/** By our own id of the payment, in test mode and live: the events do not say which. The newest appeal of that amount. */
async function findAppeal(ask: Ask, { payment_id, amount }: TraderAppeal): Promise<Found | null> {
  for (const mode of ['live', 'test']) {
    const list: Document = await read(ask, `/payments?mode=${mode}&id=${encodeURIComponent(payment_id)}`)
    const attempt_id = list.payments[0]?.attempt_id
    if (attempt_id === undefined) continue
    const { appeals }: { appeals: (Found & { opened_at: string })[] } = await read(ask, `/payments/${attempt_id}`)
    const same = appeals.filter((one) => toMinor(one.amount, 18) === toMinor(amount, 18))
    return same.reduce<(typeof same)[number] | null>((a, b) => (a && a.opened_at >= b.opened_at ? a : b), null)
  }
  return null
}

async function read(ask: Ask, path: string): Promise<Document> {
  const { status, document } = await ask('GET', path)
  if (status !== 200) throw new Error(`the platform answered ${status}`)
  return document
}

function rejection(desk: Tell, appeal: TraderAppeal, payment: TraderPayment | undefined): object {
  const { amount, reason } = appeal
  const currency = payment?.asked.currency ?? ''
  const seen = payment?.received ?? null
  const differs = seen !== null && toMinor(seen, 18) !== toMinor(amount, 18)
  const lines = [
    `Desk ${desk.name}: a page of our books, ${new Date(desk.now_ms).toISOString()}`,
    `Payment ${appeal.payment_id}, ${payment?.asked.amount ?? '?'} ${currency}, to ${payment?.trader ?? 'nobody we know'}`,
    `Claimed: ${amount} ${currency}`,
    differs ? `Arrived: ${seen} ${currency}` : 'Nothing arrived that fits the claim.',
  ]
  return {
    ...why(reason, differs ? seen : null),
    evidence: { name: 'books.pdf', content_base64: Buffer.from(writePdf(lines)).toString('base64') },
  }
}

function why(reason: string | null, seen: Decimal | null): object {
  if (reason !== null && reasons.includes(reason)) return { reason }
  if (reason !== null && reason !== 'amount_differs') return { reason: 'other', text: reason }
  if (seen !== null) return { reason: 'amount_differs', amount_seen: seen }
  return reason === null ? { reason: 'payment_not_found' } : { reason: 'other', text: 'Another amount arrived.' }
}
