import type { Context } from '../context.ts'
import { usableFrom } from './rules/withdrawal-steps.ts'
import { destinationPurpose } from './save-destination.ts'
import { type Destination, selectDestinations } from './withdrawal-table.ts'

export type DestinationView = Destination & {
  /** Its end only. */
  readonly address_mask: string
  readonly usable_from: Date
  readonly removed: boolean
}

/** Where a provider may have money sent, oldest first, and where it could once. */
export async function listDestinations(
  ctx: Pick<Context, 'sql' | 'secrets'>,
  provider_id: string,
): Promise<DestinationView[]> {
  const rows = await selectDestinations(ctx.sql, provider_id)
  return rows.map(({ address_encrypted, removed_at, ...destination }) => ({
    ...destination,
    address_mask: maskOf(ctx.secrets.decrypt(address_encrypted, destinationPurpose(destination.id))),
    usable_from: usableFrom(destination.created_at),
    removed: removed_at !== null,
  }))
}

/** The last four characters, and never more than half of it. */
function maskOf(address: string): string {
  return `…${address.slice(-Math.min(4, Math.floor(address.length / 2)))}`
}
