import { findConnection, type OwnConnection } from '../cascades/read-connection.ts'
import type { Context } from '../context.ts'
import { notFound } from './provider-problem.ts'
import type { ProviderCall } from './provider-route.ts'

/** The provider's connection that a path names; 404 for everything else. */
export async function findOwnConnection(
  ctx: Context,
  { params, provider }: Pick<ProviderCall, 'params' | 'provider'>,
): Promise<OwnConnection> {
  const text = params.gateway_id ?? ''
  const own = /^[1-9]\d{0,8}$/.test(text) ? await findConnection(ctx, provider.id, Number(text)) : null
  if (!own) throw notFound()
  return own
}
