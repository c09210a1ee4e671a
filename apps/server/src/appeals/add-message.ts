import type { Context } from '../context.ts'
import type { SentFile } from './appeal.ts'
import { type Moved, moveAppeal, type Performer } from './move-appeal.ts'
import type { AppealKey } from './table.ts'

export type Message = {
  readonly text: string
  /** Read by its own side only. */
  readonly internal: boolean
  readonly files: readonly SentFile[]
}

/** Something is added to the thread; also after the close. Text or a file there must be. */
export async function addMessage(ctx: Context, key: AppealKey, actor: Performer, message: Message): Promise<Moved> {
  return moveAppeal(ctx, key, {
    actor,
    act: { type: 'message' },
    words: { kind: 'message', ...message, text: message.text.trim() },
  })
}
