import type { Context } from '../context.ts'
import { type Moved, moveAppeal, type Performer } from './move-appeal.ts'
import { settleAccepted } from './settle-accepted.ts'
import type { AppealKey } from './table.ts'

/** The provider agrees, or an operator notes that its desk does; the money follows at once, or by the worker if that fails. P4, P7. */
export async function acceptAppeal(ctx: Context, key: AppealKey, actor: Performer, text = ''): Promise<Moved> {
  const words = { kind: 'verdict', text, internal: false, files: [] } as const
  const accepted = await moveAppeal(ctx, key, { actor, act: { type: 'accept' }, words })
  if (accepted.result !== 'moved') return accepted
  try {
    return await settleAccepted(ctx, key)
  } catch (error) {
    ctx.events.fault('appeals.settle', error, { appeal_id: key.id })
    return accepted
  }
}
