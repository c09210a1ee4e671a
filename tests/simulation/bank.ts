/** What happens outside the product: money arrives at a desk, or the time of a transfer runs out. */
import { demoProviders } from '../../apps/server/demo/providers.ts'
import type { Product } from '../product/product.ts'
import type { DeskName } from './transfer-plan.ts'

/** What a payer was told to transfer to. */
export type Order = { readonly desk: DeskName; readonly reference: string }

/** Sets of requisites the payer of this payment was shown, oldest first. */
export async function ordersShown({ ctx }: Product, payment_id: string): Promise<Order[]> {
  const rows = await ctx.sql<{ provider_id: string; reference: string }[]>`
    select provider_id, provider_reference as reference from provider_payments
    where payment_id = ${payment_id} and issued_at is not null order by attempt_number`
  return rows.map(({ provider_id, reference }) => ({ desk: deskOf(provider_id), reference }))
}

export function deskOf(provider_id: string): DeskName {
  const provider = demoProviders.find(({ id }) => id === provider_id)
  if (!provider) throw new Error(`there is no desk of ${provider_id}`)
  return provider.desk
}

/** The money arrives at the desk. A desk that goes by a time of its own is left to it. */
export function arrive({ simulators }: Product, { desk, reference }: Order): void {
  const known = simulators.desks.payments(desk).find(({ id }) => id === reference)
  if (known && !known.step.name.startsWith('issue_'))
    simulators.desks.setPayment(desk, reference, { status: 'success' })
}

/** The provider is asked at once. Times are written as the product writes them, to the millisecond. */
export async function hurry({ ctx }: Product, payment_id: string): Promise<void> {
  await ctx.sql`
    update provider_payments set poll_at = ${new Date()} where payment_id = ${payment_id} and poll_at is not null`
}

/** The payer's time and that of the last questions is over now. */
export async function runOut({ ctx }: Product, payment_id: string): Promise<void> {
  const now = Date.now()
  await ctx.sql`
    update provider_payments set expires_at = ${new Date(now - 120_000)}, finalise_at = ${new Date(now - 1_000)}, poll_at = ${new Date(now)}
    where payment_id = ${payment_id} and state = 'issued'`
}
