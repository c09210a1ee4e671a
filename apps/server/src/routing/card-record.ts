/** What the networks hold against a card at an acceptor, and the parts of a statement that add to it. Cascading rules 7.3, 7.4. */
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import {
  type CardKey,
  type CardQuestion,
  type CardRow,
  type CountedAttempt,
  cardColumn,
  type EndedAttempt,
  insertBlocks,
  insertCount,
  isTaken,
  readSeen,
  updateCount,
} from './network-table.ts'
import { type NewBlock, windowEdges } from './rules/network-guard.ts'

export { type CardKey, type CardRow, readSeen } from './network-table.ts'

type Asked = Pick<CardQuestion, 'amount_minor' | 'currency'>

/**
 * A look at a card as a column of another statement, for `readSeen`: for payments that the payer starts, so without what
 * was set at other acceptors.
 */
export function lookAtCard(ctx: Context, key: Pick<CardQuestion, keyof CardKey>, asked: Asked): Fragment {
  const now = ctx.now()
  return cardColumn(ctx.sql, { ...key, ...asked, ...windowEdges(now), now, without_attempt: '', elsewhere: false })
}

/** One look at a card. `without_attempt`: an attempt of our own that the caller counts himself; empty = none. */
export async function loadCard(
  ctx: Context,
  key: CardKey,
  asked: Asked & Pick<CardQuestion, 'without_attempt'>,
): Promise<CardRow> {
  const now = ctx.now()
  const column = cardColumn(ctx.sql, { ...key, ...asked, ...windowEdges(now), now, elsewhere: true })
  const [row] = await ctx.sql`select ${column} as seen`
  return readSeen(row?.seen)
}

/**
 * The attempt counts from the moment it is committed. The whole statement fails when another attempt with the card has been
 * committed since `seq - 1` was the last one: then look again, and decide again.
 */
export function startCount(ctx: Context, key: CardKey, seq: number, attempt: CountedAttempt): Fragment {
  return insertCount(ctx.sql, key, seq, attempt)
}

/** The end of an attempt with a card, with the blocks it sets. */
export function endCount(ctx: Context, attempt: EndedAttempt, blocks: readonly NewBlock[]): readonly Fragment[] {
  const end = updateCount(ctx.sql, attempt)
  return blocks.length === 0 ? [end] : [end, insertBlocks(ctx.sql, attempt, blocks)]
}

/** The result of a write that starts an attempt; `card_moved` when another attempt with the card was faster. */
export async function unlessCardMoved<Result>(write: () => Promise<Result>): Promise<Result | 'card_moved'> {
  try {
    return await write()
  } catch (error) {
    if (isTaken(error)) return 'card_moved'
    throw error
  }
}
