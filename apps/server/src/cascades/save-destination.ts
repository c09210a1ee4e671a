import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { newId } from '../ids.ts'
import { type Destination, insertDestination } from './withdrawal-table.ts'

export type NewDestination = {
  readonly label: string /** Wallet or account, kept encrypted. */
  readonly address: string
}

/** Saves where a provider may have money sent. It can be used a day later (`rules/withdrawal-steps.ts`). */
export async function saveDestination(
  ctx: Pick<Context, 'now' | 'secrets'> & { readonly sql: Database },
  provider_id: string,
  { label, address }: NewDestination,
  saved_by: string,
): Promise<Destination> {
  const created_at = ctx.now()
  const destination: Destination = { provider_id, id: newId('destination', created_at), label, saved_by, created_at }
  await insertDestination(ctx.sql, destination, ctx.secrets.encrypt(address, destinationPurpose(destination.id)))
  return destination
}

/** What an encrypted address is bound to. */
export function destinationPurpose(destination_id: string): string {
  return `provider destination ${destination_id}`
}
