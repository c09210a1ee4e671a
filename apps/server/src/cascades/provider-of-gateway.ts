import type { Context } from '../context.ts'
import { findProviderOfGateway } from './find-provider.ts'

/** A gateway never changes hands, so what was read once stays true. */
const known = new WeakMap<object, Map<number, string>>()

/** Whose endpoint the gateway is; `null` = nobody's. */
export async function providerIdOfGateway(ctx: Pick<Context, 'sql'>, gateway_id: number): Promise<string | null> {
  const memory = known.get(ctx.sql) ?? new Map<number, string>()
  known.set(ctx.sql, memory)
  const there = memory.get(gateway_id)
  if (there !== undefined) return there
  const provider = await findProviderOfGateway(ctx.sql, gateway_id)
  if (provider) memory.set(gateway_id, provider.id)
  return provider?.id ?? null
}
