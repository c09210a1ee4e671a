/**
 * `npm run cases`: what an operator has to look at about provider payments, and what he decides about money nobody asked for. Every
 * act says who and why; money moves in the same commit. Balances are corrected by two operators.
 */
import { userInfo } from 'node:os'
import { formatFixed } from '@cascad/money'
import { closeCase } from '../cascades/close-case.ts'
import { findCase } from '../cascades/find-case.ts'
import { findProviderPayment, listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import { listCases } from '../cascades/list-cases.ts'
import { pollSoon } from '../cascades/poll-soon.ts'
import { moneyCases, type ProviderCase } from '../cascades/provider-case.ts'
import { caseKinds, type ProviderPaymentRow } from '../cascades/provider-payment.ts'
import { readCalls } from '../cascades/read-calls.ts'
import { listViews, revealRequisites } from '../cascades/reveal-requisites.ts'
import type { Context } from '../context.ts'
import { type Act, runActs, say } from '../database/run-command.ts'
import { getExponent } from '../directory/currencies.ts'
import { faces } from '../faces.ts'
import { bookOrphan } from '../payments/book-orphan.ts'
import { findPaymentById } from '../payments/find-payment.ts'
import { listDecisions, listReceipts } from '../payments/list-receipts.ts'
import { type ReceiptVerdict, settleReceipt } from '../payments/settle-receipt.ts'
import { StartProblem } from '../start-problem.ts'
import { correctionActs, correctionUsage } from './correction-acts.ts'

const usage = `Use one of
  npm run cases -- list [all] [kind] [provider] [payment]      open ones unless "all"; kinds: ${caseKinds.join(', ')}
  npm run cases -- receipts                                    money that waits for a decision
  npm run cases -- show <case>
  npm run cases -- close <case> <note>
  npm run cases -- credit <case> <comment>                     to the merchant, as payment of the invoice
  npm run cases -- credit-beside <case> <comment>              to the merchant although the invoice takes no money any more
  npm run cases -- return <case> <transfer> <comment>          it went back to the payer by this transfer
  npm run cases -- book <case> <comment>                       an orphan was paid: debit its provider
  npm run cases -- ask <case|payment> [attempt number]         the provider, now
  npm run cases -- reveal <case|payment> [attempt number] <reason>${correctionUsage}`

const operator = userInfo().username
const page = 200

type Words = readonly string[]

async function caseOf(ctx: Context, id: string | undefined): Promise<ProviderCase> {
  const found = id === undefined ? null : await findCase(ctx.sql, id)
  if (!found) throw new StartProblem(id === undefined ? usage : `There is no case ${id}.`)
  return found
}

function lineOf({ id, kind, payment_id, provider_id, opened_at, closed_by, detail }: ProviderCase): string {
  const end = closed_by === null ? 'OPEN' : `closed by ${closed_by}`
  return `${id}  ${kind}, ${end}: ${payment_id} at ${provider_id} since ${opened_at.toISOString()}: ${detail}`
}

const list: Act = async (ctx, words) => {
  const kind = caseKinds.find((one) => words.includes(one))
  const provider_id = words.find((word) => word.startsWith('prv_'))
  const payment_id = words.find((word) => word.startsWith('cpi_'))
  const known = [kind, provider_id, payment_id, 'all']
  if (words.some((word) => !known.includes(word))) throw new StartProblem(usage)
  const filter = {
    ...(words.includes('all') ? {} : { open: true }),
    ...(kind === undefined ? {} : { kind }),
    ...(provider_id === undefined ? {} : { provider_id }),
    ...(payment_id === undefined ? {} : { payment_id }),
  }
  const cases = await listCases(ctx.sql, filter, page)
  for (const one of cases) say(lineOf(one))
  if (cases.length === 0) say('There is no such case.')
  if (cases.length === page) say(`These are the newest ${page}; say a kind, a provider or a payment to see others.`)
}

async function moneyOf(ctx: Context, amount_minor: bigint, currency: string): Promise<string> {
  return `${formatFixed(amount_minor, await getExponent(ctx, currency))} ${currency}`
}

const receipts: Act = async (ctx) => {
  const standing = await listReceipts(ctx.sql)
  for (const { case_id, payment_id, payment_status, amount_minor, currency, provider_id, test_mode } of standing) {
    const money = await moneyOf(ctx, amount_minor, currency)
    say(`${case_id}  ${money}${test_mode ? ' (test)' : ''} for ${payment_id}, ${payment_status}, from ${provider_id}`)
  }
  if (standing.length === 0) say('Nothing waits on unallocated receipts.')
}

const show: Act = async (ctx, [id]) => {
  const one = await caseOf(ctx, id)
  say(lineOf(one))
  if (one.note !== null) say(`  ${one.closed_at?.toISOString()} ${one.closed_by}: ${JSON.stringify(one.note)}`)
  const payment = await findPaymentById(ctx, one.payment_id)
  const row = await findProviderPayment(ctx.sql, one.account_id, one.attempt_id)
  if (payment) {
    const asked = await moneyOf(ctx, payment.payment_amount_minor, payment.currency)
    say(`  payment ${payment.id} of ${payment.account_id}: ${asked}, ${payment.status}, ${payment.resolution}`)
  }
  if (row) await showRow(ctx, row)
  for (const { decided_by, kind, comment, outside_reference, created_at } of await listDecisions(ctx.sql, one))
    say(
      `  ${created_at.toISOString()} ${kind} by ${decided_by}${outside_reference ? ` (${outside_reference})` : ''}: ${comment}`,
    )
  for (const { at, by_name, reason, erased } of await listViews(ctx.sql, one))
    say(`  ${at.toISOString()} ${by_name} looked at the requisites${erased ? ', already erased' : ''}: ${reason}`)
  for (const { at, event, http_status, ms, request, answer, reading } of await readCalls(ctx.sql, one.attempt_id))
    say(
      `  ${at.toISOString()} ${event} → ${http_status ?? 'no answer'} in ${ms} ms, ${reading}\n    ${request}\n    ${answer ?? ''}`,
    )
}

async function showRow(ctx: Context, row: ProviderPaymentRow): Promise<void> {
  const flags = [row.late ? 'late' : '', row.orphan ? 'orphan' : '', row.claimed_at ? 'claimed' : '']
  const state = [row.state, ...flags.filter((flag) => flag !== '')].join(', ')
  const money = await moneyOf(ctx, row.amount_minor, row.currency)
  say(`  attempt ${row.attempt_number} ${row.attempt_id} at gateway ${row.gateway_id}: ${money}, ${state}`)
  say(
    `  order ${row.provider_reference ?? 'unknown'}: ${row.number_mask ?? '–'}, ${row.owner_mask ?? '–'}, ${row.bank ?? '–'}`,
  )
}

const close: Act = async (ctx, [id, note = '']) => {
  const one = await caseOf(ctx, id)
  const standing = await listReceipts(ctx.sql)
  const waiting = standing.some(({ attempt_id, amount_minor }) => attempt_id === one.attempt_id && amount_minor > 0n)
  if (moneyCases.includes(one.kind) && waiting)
    throw new StartProblem(
      'Its money still stands on unallocated receipts: credit or return it, which closes the case.',
    )
  const done = await closeCase(ctx, one.id, { by: operator, note })
  if (done.result === 'note_missing') throw new StartProblem(usage)
  if (done.result === 'closed_before') throw new StartProblem(`${one.id} was closed by ${done.closed.closed_by}.`)
  say(`${one.id} is closed.`)
}

/** What stopped an act, in a sentence. */
const refusals: Readonly<Record<string, string>> = {
  nothing_unallocated: 'nothing of it stands on unallocated receipts.',
  payment_open: 'the payment is still open.',
  paid_already: 'the merchant has money for this invoice already. To credit him all the same: credit-beside.',
  payment_over: 'the payment was ended and stays so. To credit the merchant all the same: credit-beside.',
  appeal_open: 'an appeal about it is open: decide that first (npm run appeals).',
  booked_before: 'it was booked before.',
  not_an_orphan: 'it is no order that could be booked, or it is another payment’s.',
  case_closed: 'the case is closed.',
}

function refused(why: string): StartProblem {
  return new StartProblem(refusals[why] ? `Nothing was moved: ${refusals[why]}` : usage)
}

async function decide(ctx: Context, id: string | undefined, verdict: Omit<ReceiptVerdict, 'by'>): Promise<void> {
  const one = await caseOf(ctx, id)
  if (!moneyCases.includes(one.kind)) throw new StartProblem(`${one.id} is about no money on unallocated receipts.`)
  const done = await settleReceipt(ctx, one, { ...verdict, by: operator })
  if (done.result === 'refused') throw refused(done.why)
  const { amount_minor, kind } = done.decision
  const attempt = done.state.attempts.find((each) => each.id === one.attempt_id)
  const money = await moneyOf(ctx, amount_minor, attempt?.currency ?? done.state.payment.currency)
  const what = { won: 'pays the invoice', beside: 'was credited to the merchant', returned: 'was returned' }[kind]
  say(`${money} ${what}; ${done.state.payment.id} is ${done.state.payment.status}.`)
}

const credit =
  (beside: boolean): Act =>
  (ctx, [id, comment = '']) =>
    decide(ctx, id, { wish: { type: 'credit', beside }, outside_reference: null, comment })

const giveBack: Act = (ctx, [id, outside_reference = '', comment = '']) =>
  decide(ctx, id, { wish: { type: 'return' }, outside_reference, comment })

const book: Act = async (ctx, [id, comment = '']) => {
  const one = await caseOf(ctx, id)
  if (one.kind !== 'orphan_success') throw new StartProblem(`${one.id} is about no orphan.`)
  const { account_id, payment_id, attempt_id } = one
  const of = { account_id, payment_id, attempt_id, case_id: one.id }
  const done = await bookOrphan(ctx, of, { by: operator, comment })
  if (done.result === 'refused') throw refused(done.why)
  const where = done.unallocated ? 'its money stands on unallocated receipts' : 'it pays the invoice'
  say(`The provider is debited; ${where}. ${payment_id} is ${done.state.payment.status}.`)
}

/** The provider payment of a case, or of a payment: the newest, or that of the attempt of this number. `rest` = the other words. */
async function followed(ctx: Context, words: Words): Promise<{ row: ProviderPaymentRow; rest: Words }> {
  const [id, ...rest] = words
  if (id?.startsWith('prx_')) {
    const one = await caseOf(ctx, id)
    const row = await findProviderPayment(ctx.sql, one.account_id, one.attempt_id)
    if (!row) throw new StartProblem(`${id} is about no provider payment.`)
    return { row, rest }
  }
  const payment = await findPaymentById(ctx, id ?? '')
  if (!payment) throw new StartProblem(id === undefined ? usage : `There is no case or payment ${id}.`)
  const rows = await listProviderPaymentsOf(ctx.sql, payment.account_id, payment.id)
  const number = /^\d{1,3}$/.test(rest[0] ?? '') ? Number(rest[0]) : null
  const row = number === null ? rows.at(-1) : rows.find(({ attempt_number }) => attempt_number === number)
  if (!row) throw new StartProblem(`${payment.id} has no such attempt at a provider of requisites.`)
  return { row, rest: number === null ? rest : rest.slice(1) }
}

const ask: Act = async (ctx, words) => {
  const { row } = await followed(ctx, words)
  if (!(await pollSoon(ctx, row)))
    throw new StartProblem('The provider has never told an id of it: there is nothing to ask by.')
  say(`Attempt ${row.attempt_number} of ${row.payment_id} is asked about by the worker now.`)
}

const reveal: Act = async (ctx, words) => {
  const { row, rest } = await followed(ctx, words)
  const seen = await revealRequisites(ctx, row, { by: operator, reason: rest.join(' ') })
  if (seen.result === 'reason_missing') throw new StartProblem(usage)
  if (seen.result === 'erased') throw new StartProblem('They were erased 90 days after the last thing that happened.')
  if (seen.result !== 'shown') throw new StartProblem('No requisites were given.')
  say(`${seen.number}\n${seen.owner}\n${seen.bank ?? ''}`)
}

const acts: ReadonlyMap<string, Act> = new Map([
  ['list', list],
  ['receipts', receipts],
  ['show', show],
  ['close', close],
  ['credit', credit(false)],
  ['credit-beside', credit(true)],
  ['return', giveBack],
  ['book', book],
  ['ask', ask],
  ['reveal', reveal],
  ...correctionActs(usage, operator),
])

await runActs(acts, usage, { faces })
