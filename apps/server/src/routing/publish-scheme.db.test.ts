import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { saveAccount } from '../accounts/save-account.ts'
import { draftScheme } from './draft-scheme.ts'
import { loadRouting, loadRoutingVersion } from './load-routing.ts'
import { publishFirstScheme, publishScheme, publishVersion, type SchemeOwner } from './publish-scheme.ts'
import { SchemeRefused } from './scheme-refused.ts'

let test_context: TestContext
before(async () => {
  test_context = await testContext()
  const { sql } = test_context.ctx
  for (const gateway_id of [408, 409, 410]) {
    await sql`
      insert into gateways (gateway_id, name, connector, test_mode, credentials_encrypted, merchant_account_id)
      values (${gateway_id}, ${`Gateway ${gateway_id}`}, 'acquirer', true, ${Buffer.from('none')}, 'ma_1')`
  }
})
after(() => test_context.close())

let accounts = 0
async function owner(): Promise<SchemeOwner> {
  accounts += 1
  const id = `coma_Publish${String(accounts).padStart(9, '0')}`
  await saveAccount(test_context.ctx, { id, name: 'Publisher', base_currency: 'USD', currencies: ['USD'] })
  return { id, options: { attempts_limit: 5 } }
}

const schemeOf = (gateway_id: number, id = 'main') => ({
  id,
  name: `To ${gateway_id}`,
  rules: [{ id: 'r1', strategy: { type: 'priority', routes: [{ gateway_id }] } }],
})

async function inForce(account: SchemeOwner) {
  const { version_id, scheme } = await loadRouting(test_context.ctx, account.id)
  return { version_id, gateway_id: scheme.rules[0]?.strategy.routes[0]?.gateway_id }
}

async function statuses(account: SchemeOwner): Promise<string[]> {
  const rows = await test_context.ctx.sql<{ line: string }[]>`
    select scheme_id || ' ' || number || ' ' || status as line from routing_versions
    where account_id = ${account.id} order by scheme_id, number`
  return rows.map(({ line }) => line)
}

test('a scheme is published as version 1 and in force at once', async () => {
  const account = await owner()
  assert.deepEqual(await inForce(account), { version_id: 'none.v1', gateway_id: undefined })
  const { version_id, warnings } = await publishScheme(test_context.ctx, account, schemeOf(408))
  assert.equal(version_id, 'main.v1')
  assert.deepEqual(
    warnings.map(({ message }) => message),
    ['gateway 408: the credentials cannot be decrypted with this secret key', '1 route for 3 attempts'],
  )
  assert.deepEqual(await inForce(account), { version_id: 'main.v1', gateway_id: 408 })
})

test('the next version archives the one before; a payment that was routed by it keeps it', async () => {
  const account = await owner()
  await publishScheme(test_context.ctx, account, schemeOf(408))
  await publishScheme(test_context.ctx, account, schemeOf(409))
  assert.deepEqual(await statuses(account), ['main 1 archived', 'main 2 published'])
  assert.deepEqual(await inForce(account), { version_id: 'main.v2', gateway_id: 409 })
  const bound = await loadRoutingVersion(test_context.ctx, account.id, 'main.v1')
  assert.equal(bound.version_id, 'main.v1')
  assert.equal(bound.scheme.rules[0]?.strategy.routes[0]?.gateway_id, 408)
})

test('an old version is published again: the way back', async () => {
  const account = await owner()
  await publishScheme(test_context.ctx, account, schemeOf(408))
  await publishScheme(test_context.ctx, account, schemeOf(409))
  await publishVersion(test_context.ctx, account, 'main.v1')
  assert.deepEqual(await statuses(account), ['main 1 published', 'main 2 archived'])
  assert.deepEqual(await inForce(account), { version_id: 'main.v1', gateway_id: 408 })
  await publishVersion(test_context.ctx, account, 'main.v1')
  assert.deepEqual(await statuses(account), ['main 1 published', 'main 2 archived'])
})

test('a draft changes nothing until it is published, nor does it rename the scheme', async () => {
  const account = await owner()
  await publishScheme(test_context.ctx, account, schemeOf(408))
  assert.equal(await draftScheme(test_context.ctx, account.id, schemeOf(409)), 'main.v2')
  assert.deepEqual(await inForce(account), { version_id: 'main.v1', gateway_id: 408 })
  const name = async () => {
    const { sql } = test_context.ctx
    const [row] = await sql<{ name: string }[]>`select name from routing_schemes where account_id = ${account.id}`
    return row?.name
  }
  assert.equal(await name(), 'To 408')
  const draft = await loadRoutingVersion(test_context.ctx, account.id, 'main.v2')
  assert.equal(draft.version_id, 'main.v1', 'no payment is routed by a draft')
  await publishVersion(test_context.ctx, account, 'main.v2')
  assert.deepEqual(await inForce(account), { version_id: 'main.v2', gateway_id: 409 })
  assert.equal(await name(), 'To 409')
})

test('of two schemes of an account one is in force', async () => {
  const account = await owner()
  await publishScheme(test_context.ctx, account, schemeOf(408, 'winter'))
  await publishScheme(test_context.ctx, account, schemeOf(409, 'summer'))
  assert.deepEqual(await statuses(account), ['summer 1 published', 'winter 1 archived'])
})

test('a scheme with an error is refused with its findings, and nothing is written', async () => {
  const account = await owner()
  await publishScheme(test_context.ctx, account, schemeOf(408))
  await assert.rejects(publishScheme(test_context.ctx, account, schemeOf(999)), (error) => {
    assert.ok(error instanceof SchemeRefused)
    assert.equal(error.message, 'rules[0].strategy.routes[0]: there is no gateway 999')
    return true
  })
  await assert.rejects(draftScheme(test_context.ctx, account.id, { id: 'main', rules: 7 }), SchemeRefused)
  assert.deepEqual(await statuses(account), ['main 1 published'])
  const draft = await draftScheme(test_context.ctx, account.id, schemeOf(999))
  await assert.rejects(publishVersion(test_context.ctx, account, draft), SchemeRefused)
  assert.deepEqual(await statuses(account), ['main 1 published', 'main 2 draft'])
})

test('a version that is not there, or another account has, cannot be published', async () => {
  const [account, other] = [await owner(), await owner()]
  await publishScheme(test_context.ctx, other, schemeOf(408))
  for (const version_id of ['main.v1', 'main.v9', 'main', 'main.v0', '.v1'])
    await assert.rejects(publishVersion(test_context.ctx, account, version_id), /there is no version/)
  assert.deepEqual(await statuses(account), [])
})

test('a scheme for payments never becomes one for payouts', async () => {
  const account = await owner()
  await publishScheme(test_context.ctx, account, schemeOf(408))
  const payout = { ...schemeOf(408), kind: 'payout' }
  await assert.rejects(draftScheme(test_context.ctx, account.id, payout), /scheme main is for payments/)
  assert.deepEqual(await statuses(account), ['main 1 published'])
})

test('many publish at once, also schemes not there yet: every version has its number and one is in force', async () => {
  for (let round = 0; round < 4; round += 1) {
    const account = await owner()
    const published = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        publishScheme(test_context.ctx, account, schemeOf(408 + (i % 3), i % 2 === 0 ? 'even' : 'odd')),
      ),
    )
    assert.equal(new Set(published.map(({ version_id }) => version_id)).size, 8)
    const lines = await statuses(account)
    assert.equal(lines.length, 8)
    assert.equal(lines.filter((line) => line.endsWith('published')).length, 1)
    assert.equal(lines.filter((line) => line.endsWith('archived')).length, 7)
  }
})

test('the first scheme is published once, also by two servers that start together', async () => {
  const account = await owner()
  const first = () => publishFirstScheme(test_context.ctx, account, schemeOf(408))
  const results = await Promise.all([first(), first(), first()])
  assert.equal(results.filter((one) => one !== null).length, 1)
  assert.equal(await publishFirstScheme(test_context.ctx, account, schemeOf(409)), null)
  assert.deepEqual(await statuses(account), ['main 1 published'])
})

test('the database refuses to change or delete what was published', async () => {
  const { sql } = test_context.ctx
  const account = await owner()
  await publishScheme(test_context.ctx, account, schemeOf(408))
  await publishScheme(test_context.ctx, account, schemeOf(409))
  await draftScheme(test_context.ctx, account.id, schemeOf(410))
  const mine = sql`account_id = ${account.id}`
  const refused = { code: '23000' }
  for (const number of [1, 2]) {
    await assert.rejects(sql`update routing_versions set scheme = '{}' where ${mine} and number = ${number}`, refused)
    await assert.rejects(sql`update routing_versions set number = 9 where ${mine} and number = ${number}`, refused)
    await assert.rejects(
      sql`update routing_versions set status = 'draft' where ${mine} and number = ${number}`,
      refused,
    )
    await assert.rejects(sql`delete from routing_versions where ${mine} and number = ${number}`, refused)
  }
  await assert.rejects(sql`update routing_versions set status = 'archived' where ${mine} and number = 3`, refused)
  await assert.rejects(sql`truncate routing_versions`, refused)
  const { count: changed } = await sql`update routing_versions set scheme = '{}' where ${mine} and number = 3`
  const { count: deleted } = await sql`delete from routing_versions where ${mine} and number = 3`
  assert.deepEqual([changed, deleted], [1, 1], 'a draft may be changed and deleted')
  assert.deepEqual(await statuses(account), ['main 1 archived', 'main 2 published'])
})
