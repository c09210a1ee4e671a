import type { Context } from '../context.ts'
import { callEndpoint, type Tried, trialOf, type Which } from './call-endpoint.ts'
import type { OwnConnection } from './read-connection.ts'

export type EventWish = {
  readonly which: Which
  readonly event: string
  /** As the Cascade API has it; numbers may be decimal text. */
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * Sends one event of the Cascade API to an endpoint and says what we would make of the answer. It belongs to no payment: nothing is
 * held, counted or changed. `before` is awaited first. `null` = there is no such endpoint. Cascade API, section 16.
 */
export async function fireEvent(
  ctx: Context,
  own: OwnConnection,
  wish: EventWish,
  before?: () => Promise<void>,
): Promise<Tried | null> {
  const trial = trialOf(ctx, own, wish.which)
  if (!trial) return null
  await before?.()
  return callEndpoint(ctx, trial, wish)
}
