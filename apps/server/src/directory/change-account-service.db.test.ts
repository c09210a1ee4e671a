import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { until } from '../../../../tests/product/time.ts'
import { createAccount } from '../accounts/create-account.ts'
import { changeAccountService, type ServiceChange } from './change-account-service.ts'
import { findService, listServices } from './find-service.ts'
import { loadStarterDirectory } from './load-starter.ts'

const service = 'payment_card_usd_hpp'
let t: TestContext

before(async () => {
  t = await testContext()
  await loadStarterDirectory(t.ctx)
})
after(() => t.close())

const made = async () => (await createAccount(t.ctx, { name: 'Harbour Books', base_currency: 'EUR' })).account.id
const change = (id: string, terms: ServiceChange['terms'], modes = [true, false]) =>
  changeAccountService(t.ctx, id, { service, terms, modes })

test('a service is given in both modes, then one term of one mode is changed', async () => {
  const id = await made()
  assert.equal(await change(id, { fee_rate: '2.9', fee_fix_minor: 30n }), null)
  const [first] = await listServices(t.ctx, id, true)
  assert.equal(await change(id, { fee_rate: '3.1', fee_max_minor: 500n }, [true]), null)
  const changed = await findService(t.ctx, id, service, true)
  assert.deepEqual({ ...first, fee_rate: '3.1', fee_max_minor: 500n }, changed)
  const live = await findService(t.ctx, id, service, false)
  assert.deepEqual([live?.fee_rate, live?.fee_fix_minor, live?.fee_max_minor, live?.active], ['2.9', 30n, 0n, true])
})

test('switched off it keeps its terms, and a change of terms does not switch it on', async () => {
  const id = await made()
  await change(id, { fee_rate: '2.9' }, [true])
  assert.equal(await change(id, { active: false }), null)
  await change(id, { fee_fix_minor: 10n }, [true])
  const [only, ...more] = await listServices(t.ctx, id)
  assert.deepEqual([only?.active, only?.fee_rate, only?.fee_fix_minor, more], [false, '2.9', 10n, []])
  await change(id, { active: true }, [true])
  assert.equal((await findService(t.ctx, id, service, true))?.active, true)
})

test('a refusal in one mode changes nothing in the other', async () => {
  const id = await made()
  await change(id, { fee_max_minor: 100n }, [false])
  const before = await listServices(t.ctx, id)
  assert.equal(await change(id, { fee_min_minor: 200n }), 'fee_min_above_max')
  assert.equal(await change(id, { reserve_rate: '10' }), 'half_a_reserve')
  assert.equal(await change(id, { reserve_lifetime_minutes: 60 }), 'half_a_reserve')
  assert.equal(await change(id, { active: false }, [true]), 'not_given')
  assert.equal(
    await changeAccountService(t.ctx, id, { service: 'gold_bars_hpp', terms: {}, modes: [true] }),
    'unknown_service',
  )
  assert.deepEqual(await listServices({ ...t.ctx }, id), before)
})

test('of two changes of a service at the same time both hold, also when neither finds it there', async () => {
  const id = await made()
  const waiting = () =>
    t.ctx.sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  for (const [first, second] of [
    [{ fee_rate: '2' }, { fee_fix_minor: 20n }],
    [{ fee_rate: '3' }, { fee_fix_minor: 30n }],
  ] as const) {
    let done: Promise<unknown> = Promise.resolve()
    await t.ctx.sql.begin(async (tx) => {
      // Whoever adds or changes a service of the account has to wait at the account's row or at the service's.
      await tx`select 1 from accounts where id = ${id} for update`
      await tx`select 1 from account_payment_services where account_id = ${id} for update`
      done = Promise.all([change(id, first), change(id, second)])
      await until('both wait', async () => (await waiting()).length === 2)
    })
    await done
    const saved = await findService(t.ctx, id, service, true)
    assert.deepEqual([saved?.fee_rate, saved?.fee_fix_minor], [first.fee_rate, second.fee_fix_minor])
  }
})
