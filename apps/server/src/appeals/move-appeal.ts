/** The one door for everything that happens to an open appeal: decided by a pure rule, written in one commit with its money. */
import { getAccount } from '../accounts/find-account.ts'
import { openCase } from '../cascades/open-case.ts'
import { rebookAppeal } from '../cascades/rebook-appeal.ts'
import { unfreezeAppeal } from '../cascades/unfreeze-appeal.ts'
import type { Context } from '../context.ts'
import type { Fragment, Transaction } from '../database/connect.ts'
import { newId } from '../ids.ts'
import { loadState } from '../payments/find-payment.ts'
import { prepareAppealSettlement } from '../payments/settle-appeal.ts'
import type { Actor, Appeal, MessageKind, SentFile } from './appeal.ts'
import { keepFile } from './keep-file.ts'
import { mailsOfStep } from './mail-step.ts'
import type { Act, ActRefusal } from './rules/acts.ts'
import { type AppealDecision, decideAppeal } from './rules/decide-appeal.ts'
import { evidenceFilesMax, type FileFault } from './rules/file-type.ts'
import { type AppealKey, type NewStep, selectAppeal, updateAppeal } from './table.ts'
import { callbackOfStep } from './tell-step.ts'
import { insertFile, insertMessage, type NewFile, selectFiles } from './thread-table.ts'

/** What is said with an act. */
export type Words = {
  readonly kind: MessageKind
  readonly text: string
  readonly internal: boolean
  readonly files: readonly SentFile[]
}

export type MoveRefusal = ActRefusal | FileFault | 'too_many_files' | 'text_too_long'

export type Moved =
  | { readonly result: 'moved'; readonly appeal: Appeal }
  | { readonly result: 'nothing'; readonly appeal: Appeal }
  | { readonly result: 'refused'; readonly why: MoveRefusal; readonly appeal: Appeal }

/** `journal`: a part of the statement that writes the act, for a record of the actor's own side; it reads the one row of `moved`. */
export type Performer = Actor & { readonly journal?: () => Fragment }

export type Move = {
  readonly actor: Performer
  readonly act: Act
  readonly words?: Words | null
  /** Takes locks that come before the balance's, in the transaction of a close. */
  readonly lock?: (tx: Transaction) => Promise<void>
  /** Written in the transaction of a cancellation. */
  readonly beside?: (tx: Transaction, after: Appeal) => Promise<void>
}

/** Every turn that fails is somebody else's success, so this many are only needed when very many act at once. */
const turns_max = 50
export const textLengthMax = 2000

/** Decides and writes; whoever is overtaken decides again on what the appeal has become. */
export async function moveAppeal(ctx: Context, key: AppealKey, move: Move): Promise<Moved> {
  const { actor, act } = move
  for (let turn = 0; turn < turns_max; turn += 1) {
    const appeal = await selectAppeal(ctx.sql, key)
    if (!appeal) throw new Error(`There is no appeal ${key.id}.`)
    const now = ctx.now()
    const decision = decideAppeal(appeal, { act, side: actor.side, by_name: actor.name, now })
    if (decision.result === 'nothing') return { result: 'nothing', appeal }
    if (decision.result === 'refused') return { ...decision, appeal }
    const spoken = await wordsParts(ctx, appeal, move, now)
    if (typeof spoken === 'string') return { result: 'refused', why: spoken, appeal }
    const after = { ...appeal, ...decision.patch, version: appeal.version + 1, updated_at: now }
    const { step: name, detail, calls } = decision
    const step = { act: name, detail, side: actor.side, by_name: actor.name, ip: actor.ip, at: now }
    const journal = actor.journal ? [actor.journal()] : []
    const told = { step: name, calls, side: actor.side, internal: move.words?.internal ?? false }
    const mails = await mailsOfStep(ctx, appeal, after, told)
    const more = [...spoken, ...journal, ...(await callbackOfStep(ctx, appeal, after)), ...mails]
    if (!(await write(ctx, { appeal, after, decision, step, more, move }))) continue
    tell(ctx, appeal, after, decision, actor)
    return { result: 'moved', appeal: after }
  }
  throw new Error(`Appeal ${key.id} was never as it had been read.`)
}

type Change = {
  readonly appeal: Appeal
  readonly after: Appeal
  readonly decision: Extract<AppealDecision, { result: 'changed' }>
  readonly step: NewStep
  readonly more: readonly Fragment[]
  readonly move: Move
}

class Overtaken extends Error {}

function overtaken(): never {
  throw new Overtaken()
}

/** `false` = the appeal or its payment has changed since, and nothing was written. */
async function write(ctx: Context, change: Change): Promise<boolean> {
  const { appeal, after, decision, step, more, move } = change
  if (after.state === appeal.state || after.closed_at === null)
    return updateAppeal(ctx.sql, appeal, decision.patch, step, more)
  const money = after.state === 'confirmed' ? await confirming(ctx, appeal) : cancelling(appeal, after.updated_at)
  try {
    await ctx.sql.begin(async (tx) => {
      await move.lock?.(tx)
      if (!(await money(tx))) overtaken()
      if (!(await updateAppeal(tx, appeal, decision.patch, step, more))) overtaken()
      await move.beside?.(tx, after)
    })
    return true
  } catch (error) {
    if (error instanceof Overtaken) return false
    throw error
  }
}

type Money = (tx: Transaction) => Promise<boolean>

const frozenFor = ({ provider_id, attempt_id, id }: Appeal) => ({ provider_id, attempt_id, appeal_id: id })

function cancelling(appeal: Appeal, now: Date): Money {
  return (tx) => unfreezeAppeal(tx, frozenFor(appeal), now)
}

/** The merchant's payment first and the provider's balance after it, in the order every change of the two takes them. */
async function confirming(ctx: Context, appeal: Appeal): Promise<Money> {
  const { account_id, payment_id, attempt_id, provider_id, attempt_number, amount_minor, id } = appeal
  const account = await getAccount(ctx, account_id)
  const state = await loadState(ctx, account_id, payment_id)
  const settlement = await prepareAppealSettlement(ctx, account, state, {
    attempt_number,
    appeal_id: id,
    amount_minor,
  })
  return async (tx) => {
    if (!(await settlement.write(tx))) return false
    if (!(await rebookAppeal(tx, frozenFor(appeal), ctx.now()))) return false
    if (settlement.case) {
      const detail = `appeal ${id} was confirmed, and its payment takes no money any more`
      await openCase(ctx, tx, { provider_id, account_id, payment_id, attempt_id, kind: settlement.case, detail })
    }
    return true
  }
}

/** The statement's parts for what is said and handed in. */
async function wordsParts(
  ctx: Context,
  appeal: Appeal,
  { actor, words }: Move,
  now: Date,
): Promise<Fragment[] | FileFault | 'too_many_files' | 'text_missing' | 'text_too_long'> {
  if (!words || (words.text === '' && words.files.length === 0)) return []
  if (words.text.length > textLengthMax) return 'text_too_long'
  const id = newId('appeal_message', now)
  const kept: NewFile[] = []
  for (const file of words.files) {
    const one = keepFile(ctx, file, { side: actor.side, message_id: id, now })
    if (typeof one === 'string') return one
    kept.push(one)
  }
  if (kept.length > 0) {
    const known = (await selectFiles(ctx.sql, appeal)).filter(({ message_id }) => message_id !== null)
    if (known.length + kept.length > evidenceFilesMax) return 'too_many_files'
  }
  const { kind, text, internal } = words
  const { side, name: author, ip } = actor
  const message = insertMessage(ctx.sql, { id, side, author, kind, internal, text, ip, created_at: now })
  return [message, ...kept.map((file, index) => insertFile(ctx.sql, file, index))]
}

function tell(ctx: Context, appeal: Appeal, after: Appeal, { step, calls }: Change['decision'], { side }: Actor): void {
  const { id: appeal_id, payment_id, provider_id } = appeal
  const facts = { appeal_id, payment_id, provider_id }
  ctx.events.appealStep({ ...facts, act: step, from: appeal.state, to: after.state, side, calls })
}
