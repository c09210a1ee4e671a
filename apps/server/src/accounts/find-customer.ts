import type { Context } from '../context.ts'

/** Ids of the account's customers that this text names: by `cus_…` or by the merchant's own reference. Mostly none or one. */
export async function findCustomerIds(ctx: Context, account_id: string, text: string): Promise<string[]> {
  const rows = await ctx.sql<{ id: string }[]>`
    select id from customers where account_id = ${account_id} and (id = ${text} or reference_id = ${text})`
  return rows.map((row) => row.id)
}

/** Id of the customer with exactly this reference of the merchant's, or `null`. */
export async function findCustomerId(ctx: Context, account_id: string, reference_id: string): Promise<string | null> {
  const [row] = await ctx.sql<{ id: string }[]>`
    select id from customers where account_id = ${account_id} and reference_id = ${reference_id}`
  return row?.id ?? null
}
