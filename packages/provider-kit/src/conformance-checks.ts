/** What each check of a conformance run does. Source: Cascade API contract, section 18.4. */
import {
  body,
  call,
  create,
  created,
  isSuccess,
  mustCreate,
  post,
  type Reply,
  type Run,
  readObject,
  refused,
  remember,
  Skipped,
} from './conformance-run.ts'
import { toMinor } from './decimal.ts'
import { type Method, paymentStatuses } from './events.ts'
import type { EventForm } from './write-event.ts'

/** `null` = passed, else why not. */
export type Try = (run: Run) => Promise<string | null>

export async function wrongKey(run: Run): Promise<string | null> {
  const { status } = await call(run, 'GET_PAYMENT', { id: 'never-issued' }, { apiKey: `wrong-${crypto.randomUUID()}` })
  return status === 401 || status === 403 ? null : `a wrong key was answered with ${status}, not 401 or 403`
}

/** The one that is known is used from here on. */
export async function bothForms(run: Run): Promise<string | null> {
  const known: EventForm[] = []
  for (const form of ['prefixed', 'bare'] as const) {
    run.form = form
    if (
      await created(run, run.methods[0] as Method).then(
        () => true,
        () => false,
      )
    )
      known.push(form)
  }
  run.form = known[0] ?? 'prefixed'
  run.can_create = known.length > 0
  return known.length === 2 ? null : known.length === 1 ? `only the ${known[0]} spelling is known` : 'neither is known'
}

export async function everyMethod(run: Run): Promise<string | null> {
  for (const method of run.methods) await created(run, method)
  run.can_create = true
  return new Set(run.created).size === run.created.length ? null : 'an id came twice'
}

export async function newIsPending(run: Run): Promise<string | null> {
  const { id } = await create(run, run.methods[0] as Method)
  const reply = await call(run, 'GET_PAYMENT', { id })
  const { status } = readObject(reply.text)
  if (!isSuccess(reply)) return `GET_PAYMENT was answered with ${reply.status}`
  if (!(paymentStatuses as readonly unknown[]).includes(status)) return `status ${JSON.stringify(status)} is not known`
  return status === 'pending' ? null : `a new payment is ${status}`
}

export async function cannotCreate(run: Run): Promise<string | null> {
  const tries: [string, Reply][] = [
    ['an unknown method', await post(run, body(run, {}).replace(`"${run.methods[0]}"`, '"no-such-method"'))],
    ['amount 0.01', await post(run, body(run, { amount: '0.01' }))],
    ['an amount above the maximum', await post(run, body(run, { amount: run.amountAboveMax }))],
  ]
  for (const [what, reply] of tries) {
    remember(run, reply)
    const wrong = refused(reply) ?? (reply.text.trim() === '' ? 'the refusal has no description' : null)
    if (wrong !== null) return `${what}: ${wrong}`
  }
  return null
}

export async function cancelTwice(run: Run): Promise<string | null> {
  const { id } = await create(run, run.methods[0] as Method)
  const first = await call(run, 'CANCEL_PAYMENT', { id })
  if (first.status !== 200 && first.status !== 201) return `CANCEL_PAYMENT was answered with ${first.status}`
  const second = await call(run, 'CANCEL_PAYMENT', { id })
  return isSuccess(second) ? null : refused(second)
}

export async function sameAmounts(run: Run): Promise<string | null> {
  const plain = body(run, {})
  const spelled = ['', '.0', '.00'].map((zeros) => plain.replace(/"amount":\d+/, (found) => found + zeros))
  mustCreate(run)
  if (toMinor(run.amount, 18) % 10n ** 18n !== 0n) throw new Skipped('give a whole amount to try this')
  const statuses: number[] = []
  for (const text of spelled) {
    const reply = await post(run, text)
    statuses.push(reply.status)
    remember(run, reply)
  }
  return new Set(statuses).size === 1 && statuses.every((status) => status >= 200 && status < 300)
    ? null
    : `the answers were ${statuses.join(', ')}`
}

export async function sameKey(run: Run): Promise<string | null> {
  const key = `conformance-${crypto.randomUUID()}`
  const first = await create(run, run.methods[0] as Method, { key })
  const second = await create(run, run.methods[0] as Method, { key })
  return first.id === second.id ? null : 'the repeat made a second payment'
}

export async function tenAtOnce(run: Run): Promise<string | null> {
  mustCreate(run)
  const replies = await Promise.all(Array.from({ length: 10 }, () => post(run, body(run, {}))))
  const ids = replies.filter(isSuccess).map((reply) => remember(run, reply))
  const strange = replies.find((reply) => !isSuccess(reply) && refused(reply) !== null)
  if (strange) return `one was answered with ${strange.status}`
  return new Set(ids).size === ids.length ? null : 'two of them have one id'
}
