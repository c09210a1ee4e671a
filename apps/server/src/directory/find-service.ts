import type { Context } from '../context.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import type { AccountService } from './service.ts'
import { type StoredService, selectAccountService, selectAccountServices } from './table.ts'
import { isRouted, workingRoutes } from './working-routes.ts'

// With what decides whether a service is available.
const tables = [
  'account_payment_services',
  'accounts',
  'payment_services',
  'payment_methods',
  'routing_versions',
  'gateways',
] as const
const single = settingsMemory<AccountService | null>({ entries_max: 20_000, tables })
const lists = settingsMemory<readonly AccountService[]>({ entries_max: 500, tables })

async function withAvailability(
  ctx: Context,
  account_id: string,
  stored: readonly StoredService[],
): Promise<AccountService[]> {
  const routes = await workingRoutes(ctx, account_id)
  return stored.map((service) => ({ ...service, available: isRouted(routes, service) }))
}

/** A service of the account in one mode by its directory code, or `null`; at most one second old. */
export async function findService(
  ctx: Context,
  account_id: string,
  service: string,
  test_mode: boolean,
): Promise<AccountService | null> {
  return single(ctx).get(`${account_id}:${test_mode}:${service}`, async () => {
    const stored = await selectAccountService(ctx.sql, account_id, service, test_mode)
    if (!stored) return null
    const [found] = await withAvailability(ctx, account_id, [stored])
    return found ?? null
  })
}

/** Every service of the account, both modes unless one is asked for, in the order they were added; at most one second old. */
export async function listServices(
  ctx: Context,
  account_id: string,
  test_mode?: boolean,
): Promise<readonly AccountService[]> {
  const all = await lists(ctx).get(account_id, async () =>
    withAvailability(ctx, account_id, await selectAccountServices(ctx.sql, account_id)),
  )
  return test_mode === undefined ? all : all.filter((service) => service.test_mode === test_mode)
}

/** May payments be made by this service now? Merchant API contract, section 9. */
export function isUsable(service: AccountService): boolean {
  return service.available && service.enabled && service.active
}

/** Called after a change of services, their terms or the directory. */
export function forgetServices(ctx: Context): void {
  single(ctx).forgetAll()
  lists(ctx).forgetAll()
}
