/**
 * `npm run appeals`: an operator sees which appeals wait for whom, reads them with their audit, notes that a provider agrees, decides
 * those in arbitration, writes to both sides, and opens one himself. Against a provider's no, two operators have to confirm.
 */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { basename } from 'node:path'
import { formatFixed, parseAmount } from '@cascad/money'
import { acceptAppeal } from '../appeals/accept-appeal.ts'
import { addMessage } from '../appeals/add-message.ts'
import { type Appeal, type AppealState, appealReasons, appealStates, isOpen } from '../appeals/appeal.ts'
import { decideAppeal } from '../appeals/decide-appeal.ts'
import { findAppealById, readAudit, readThread } from '../appeals/find-appeal.ts'
import { listOpenAppeals } from '../appeals/list-open-appeals.ts'
import type { Moved } from '../appeals/move-appeal.ts'
import { openAppeal } from '../appeals/open-appeal.ts'
import { receiptUrl } from '../appeals/sign-receipt.ts'
import type { Context } from '../context.ts'
import { type Act, runActs, say } from '../database/run-command.ts'
import { getExponent } from '../directory/currencies.ts'
import { faces } from '../faces.ts'
import { findPaymentById } from '../payments/find-payment.ts'
import { StartProblem } from '../start-problem.ts'

const usage = `Use one of
  npm run appeals -- list [${appealStates.slice(0, 5).join('|')}]
  npm run appeals -- show <appeal>
  npm run appeals -- open <payment> ${appealReasons.join('|')} <amount|same> <file> [comment]
  npm run appeals -- accept <appeal> [words]          the provider's desk agrees
  npm run appeals -- confirm|cancel <appeal> <comment>
  npm run appeals -- message|note <appeal> <words>    a note is for operators only`

const operator = { side: 'operator', name: userInfo().username, ip: null } as const

async function appealOf(ctx: Context, id: string | undefined): Promise<Appeal> {
  const appeal = id === undefined ? null : await findAppealById(ctx.sql, id)
  if (!appeal) throw new StartProblem(id === undefined ? usage : `There is no appeal ${id}.`)
  return appeal
}

async function amounts(ctx: Context, { currency, amount_minor, original_minor }: Appeal): Promise<string> {
  const exponent = await getExponent(ctx, currency)
  return `${formatFixed(amount_minor, exponent)} ${currency} instead of ${formatFixed(original_minor, exponent)}`
}

/** Whose turn it is, and until when; forgotten ones say so. */
function waitingFor(appeal: Appeal, now: Date): string {
  const { state, deadline_at, create_undelivered, close_undelivered } = appeal
  const flags = [create_undelivered ? 'never delivered' : '', close_undelivered ? 'end never delivered' : '']
  const whom: Readonly<Record<AppealState, string>> = {
    opened: 'being sent to the provider',
    submitted: 'waits for the provider',
    accepted: 'being settled',
    rejected: 'the opener may contest',
    arbitration: 'WAITS FOR AN OPERATOR',
    confirmed: 'confirmed',
    cancelled: `cancelled, ${appeal.close_note}`,
  }
  const over = isOpen(appeal) && deadline_at !== null && deadline_at <= now
  const until =
    !isOpen(appeal) || deadline_at === null ? '' : `${over ? 'OVERDUE since' : 'until'} ${deadline_at.toISOString()}`
  return [whom[state], until, ...flags].filter((part) => part !== '').join(', ')
}

const list: Act = async (ctx, [state]) => {
  if (state !== undefined && !appealStates.some((one) => one === state)) throw new StartProblem(usage)
  const appeals = await listOpenAppeals(ctx.sql, (state ?? null) as AppealState | null)
  for (const appeal of appeals) {
    const mode = appeal.test_mode ? ' (test)' : ''
    say(`${appeal.id}  ${await amounts(ctx, appeal)}${mode}, ${appeal.payment_id}: ${waitingFor(appeal, ctx.now())}`)
  }
  if (appeals.length === 0) say('No appeal is open.')
}

const show: Act = async (ctx, [id]) => {
  const appeal = await appealOf(ctx, id)
  const now = ctx.now()
  say(`${appeal.id}  ${await amounts(ctx, appeal)}, ${appeal.reason}: ${waitingFor(appeal, now)}`)
  say(
    `  payment ${appeal.payment_id}, attempt ${appeal.attempt_id}, provider ${appeal.provider_id} (${appeal.payment_reference})`,
  )
  if (appeal.rejection)
    say(`  the provider said no: ${appeal.rejection} ${JSON.stringify(appeal.rejection_text ?? '')}`)
  if (appeal.refused_text) say(`  its endpoint answered: ${JSON.stringify(appeal.refused_text)}`)
  if (appeal.confirm_proposed_by) say(`  ${appeal.confirm_proposed_by} would confirm; somebody else has to as well`)
  const { thread, receipt } = await readThread(ctx.sql, appeal)
  if (receipt) say(`  receipt: ${receiptUrl(ctx, receipt, now)}`)
  for (const { created_at, side, author, internal, text, files } of thread) {
    if (internal && side !== 'operator') continue
    say(`  ${created_at.toISOString()} ${side} ${author}${internal ? ' (note)' : ''}: ${JSON.stringify(text)}`)
    for (const file of files) say(`    ${file.name}: ${receiptUrl(ctx, file, now)}`)
  }
  const { steps, fetches } = await readAudit(ctx.sql, appeal)
  for (const { at, act, from_state, to_state, side, by_name, ip, detail } of steps)
    say(
      `  ${at.toISOString()} ${act} by ${side} ${by_name}${ip ? ` from ${ip}` : ''}: ${from_state ?? 'new'} → ${to_state}${detail ? ` (${detail})` : ''}`,
    )
  for (const { at, receipt_id, ip, way } of fetches)
    say(`  ${at.toISOString()} ${receipt_id} was fetched by ${way} from ${ip}`)
}

const open: Act = async (ctx, [payment_id = '', reason, amount = '', file = '', comment = '']) => {
  const known = appealReasons.find((one) => one === reason)
  const payment = await findPaymentById(ctx, payment_id)
  if (!known || file === '') throw new StartProblem(usage)
  if (!payment) throw new StartProblem(`There is no payment ${payment_id}.`)
  const exponent = await getExponent(ctx, payment.service_currency ?? payment.currency)
  const minor = amount === 'same' ? null : parseAmount(amount, exponent)
  if (minor !== null && typeof minor !== 'bigint')
    throw new StartProblem(`${amount} is no amount with ${exponent} decimals.`)
  const receipt = { name: basename(file), bytes: readFileSync(file) }
  const done = await openAppeal(ctx, payment, operator, { reason: known, amount_minor: minor, comment, receipt })
  if (!done.opened)
    throw new StartProblem(`Nothing was opened: ${done.refused}${done.open ? `, ${done.open.id}` : ''}.`)
  say(`${done.appeal.id} is opened; the provider is told by the worker.`)
}

function tell({ result, appeal, ...moved }: Moved): void {
  const why = 'why' in moved ? moved.why : null
  if (result === 'refused') throw new StartProblem(`Nothing was changed: ${why}. ${appeal.id} is ${appeal.state}.`)
  if (appeal.state === 'arbitration' && appeal.confirm_proposed_by === operator.name)
    say(`${appeal.id}: the provider had said no, so somebody else has to confirm as well.`)
  else say(`${appeal.id} is ${appeal.state}.`)
}

const accept: Act = async (ctx, [id, words = '']) =>
  tell(await acceptAppeal(ctx, await appealOf(ctx, id), operator, words))

const decide =
  (verdict: 'confirm' | 'cancel'): Act =>
  async (ctx, [id, comment = '']) => {
    const appeal = await appealOf(ctx, id)
    if (comment.trim() === '') throw new StartProblem(usage)
    tell(await decideAppeal(ctx, appeal, operator, { verdict, comment }))
  }

const write =
  (internal: boolean): Act =>
  async (ctx, [id, text = '']) => {
    const appeal = await appealOf(ctx, id)
    if (text.trim() === '') throw new StartProblem(usage)
    tell(await addMessage(ctx, appeal, operator, { text, internal, files: [] }))
  }

const acts: ReadonlyMap<string, Act> = new Map([
  ['list', list],
  ['show', show],
  ['open', open],
  ['accept', accept],
  ['confirm', decide('confirm')],
  ['cancel', decide('cancel')],
  ['message', write(false)],
  ['note', write(true)],
])

await runActs(acts, usage, { faces })
