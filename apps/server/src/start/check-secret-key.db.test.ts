import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testContext } from '../../../../tests/context.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createSecrets } from '../database/secrets.ts'
import { StartProblem } from '../start-problem.ts'
import { checkSecretKey } from './check-secret-key.ts'

test('a database takes its own key only, and an empty one takes any', async () => {
  const { ctx, close } = await testContext()
  try {
    const other = { sql: ctx.sql, secrets: createSecrets(Buffer.alloc(32, 1)) }
    await checkSecretKey(other)
    await createAccount(ctx, { name: 'Shop', base_currency: 'USD' })
    await checkSecretKey(ctx)
    await assert.rejects(checkSecretKey(other), StartProblem)
  } finally {
    await close()
  }
})
