import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { newId } from '../ids.ts'
import { type NewCustomer, saveCustomer } from './save-customer.ts'

let t: TestContext
before(async () => {
  t = await testContext()
})
after(() => t.close())

const blank: NewCustomer = {
  reference_id: '',
  email: null,
  name: null,
  phone: null,
  individual_tax_id: null,
  date_of_birth: null,
  address: null,
  metadata: null,
}
const account = () => newId('account', new Date())
const stored = async (account_id: string, id: string) => {
  const [row] = await t.ctx.sql`
    select reference_id, email, name, phone, individual_tax_id, date_of_birth::text as date_of_birth, address, metadata,
      created_at, updated_at
    from customers where account_id = ${account_id} and id = ${id}`
  return row!
}

test('later values win, values not given stay', async () => {
  const account_id = account()
  const first = await saveCustomer(
    t.ctx.sql,
    account_id,
    {
      ...blank,
      reference_id: 'buyer-1',
      email: 'old@example.com',
      name: 'Олена',
      date_of_birth: '1990-02-28',
      address: { country: 'UA', city: 'Київ' },
      metadata: { tier: 1.1 },
    },
    new Date('2026-01-01T00:00:00Z'),
  )
  const second = await saveCustomer(
    t.ctx.sql,
    account_id,
    {
      ...blank,
      reference_id: 'buyer-1',
      email: 'new@example.com',
      address: { country: 'PL' },
    },
    new Date('2026-01-02T00:00:00Z'),
  )
  assert.deepEqual(second, first)
  assert.equal(first.payment_enabled, true)
  const row = await stored(account_id, first.id)
  assert.deepEqual(
    [row.email, row.name, row.date_of_birth, row.address, row.metadata],
    ['new@example.com', 'Олена', '1990-02-28', { country: 'PL' }, { tier: 1.1 }],
  )
  assert.equal(row.created_at.toISOString(), '2026-01-01T00:00:00.000Z')
  assert.equal(row.updated_at.toISOString(), '2026-01-02T00:00:00.000Z')
})

test('the same values again write nothing', async () => {
  const account_id = account()
  const customer: NewCustomer = {
    ...blank,
    reference_id: 'same',
    email: 'a@example.com',
    phone: '+1 555 0100',
    individual_tax_id: '12345',
    date_of_birth: '2000-12-31',
    address: { city: 'Łódź' },
    metadata: { a: [1, null] },
  }
  const { id } = await saveCustomer(t.ctx.sql, account_id, customer, new Date('2026-01-01T00:00:00Z'))
  assert.equal((await saveCustomer(t.ctx.sql, account_id, customer, new Date('2026-02-01T00:00:00Z'))).id, id)
  assert.equal((await stored(account_id, id)).updated_at.toISOString(), '2026-01-01T00:00:00.000Z')
})

test('one reference is one customer per account, also when many come at once', async () => {
  const account_id = account()
  const saved = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      saveCustomer(t.ctx.sql, account_id, { ...blank, reference_id: 'crowd', name: `Name ${n % 3}` }, new Date()),
    ),
  )
  assert.equal(new Set(saved.map((customer) => customer.id)).size, 1)
  const other = await saveCustomer(t.ctx.sql, account(), { ...blank, reference_id: 'crowd' }, new Date())
  assert.notEqual(other.id, saved[0]?.id)
})

test('a blocked customer is reported as blocked', async () => {
  const account_id = account()
  const { id } = await saveCustomer(t.ctx.sql, account_id, { ...blank, reference_id: 'b' }, new Date())
  await t.ctx.sql`update customers set payment_enabled = false where account_id = ${account_id} and id = ${id}`
  assert.equal(
    (await saveCustomer(t.ctx.sql, account_id, { ...blank, reference_id: 'b' }, new Date())).payment_enabled,
    false,
  )
  const renamed = await saveCustomer(t.ctx.sql, account_id, { ...blank, reference_id: 'b', name: 'N' }, new Date())
  assert.equal(renamed.payment_enabled, false)
})
