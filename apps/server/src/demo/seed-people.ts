import { demoProviders } from '../../demo/providers.ts'
import type { Context } from '../context.ts'
import { keepPerson } from '../provider-api/keep-person.ts'

export type ProviderCredentials = {
  readonly id: string
  readonly name: string
  /** E-mail of its owner at the dashboard. */
  readonly login: string
  readonly password: string
}

/** For people and scripts: `GET /demo/credentials.json`. The same at every start of one installation, others at every installation. */
export function providerCredentials(ctx: Context): ProviderCredentials[] {
  return demoProviders.map(({ id, name, desk }) => ({
    id,
    name,
    login: `owner@${desk}.example`,
    password: ctx.secrets.derive(`provider:${id}:owner`, 24),
  }))
}

/** Lets the owner of every demo provider sign in. */
export async function seedPeople(ctx: Context): Promise<void> {
  await Promise.all(
    providerCredentials(ctx).map(({ id, name, login, password }) =>
      keepPerson(ctx, id, { name: `Owner of ${name}`, email: login, role: 'owner', password }, 'demo'),
    ),
  )
}
