import type { DemoAccount } from '../../demo/accounts.ts'
import type { AccountKeys } from '../accounts/keys.ts'
import type { Context } from '../context.ts'

const characters = 43

/** The keys of a demo account: the same at every start of one installation, others at every installation. */
export function demoKeys(ctx: Context, account: DemoAccount): AccountKeys {
  const secret = (name: string): string => ctx.secrets.derive(`${account.settings.id}:${name}`, characters)
  return {
    api_key: secret('api-key'),
    live: { public_key: `pk_live_${secret('live-public')}`, private_key: `sk_live_${secret('live-private')}` },
    test: {
      public_key: account.test_public_key ?? `pk_test_${secret('test-public')}`,
      private_key: `sk_test_${secret('test-private')}`,
    },
  }
}
