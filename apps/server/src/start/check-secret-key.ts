/** Is the secret key the one this database was written with? A wrong one would make every gateway and signature useless. */
import { privateKeyPurpose } from '../accounts/private-key.ts'
import type { Context } from '../context.ts'
import { StartProblem } from '../start-problem.ts'

/** @throws StartProblem when a stored secret cannot be read; a database without secrets takes any key. */
export async function checkSecretKey(ctx: Pick<Context, 'sql' | 'secrets'>): Promise<void> {
  const [stored] = await ctx.sql<{ account_id: string; test_mode: boolean; private_key_encrypted: Uint8Array }[]>`
    select account_id, test_mode, private_key_encrypted from account_keys order by account_id, test_mode limit 1`
  if (!stored) return
  try {
    ctx.secrets.decrypt(stored.private_key_encrypted, privateKeyPurpose(stored.account_id, stored.test_mode))
  } catch {
    throw new StartProblem(
      'The secret key is not the one this database was written with: set CASCAD_SECRET_KEY to that key (in the demo: keep the data folder and the database together).',
    )
  }
}
