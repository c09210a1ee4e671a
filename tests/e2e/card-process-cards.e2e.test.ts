/** The published cards of 3-D Secure, with what becomes of the payment at the end of each. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { paymentRequest, shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { back, openProcessWorld, type ProcessWorld, processPath, shown } from '../process-world.ts'
import type { Answer } from '../world.ts'

let w: ProcessWorld
before(async () => {
  w = await openProcessWorld()
})
after(() => w.close())

describe('the published cards of 3-D Secure', () => {
  for (const [number, status, code, verification, pa_status] of [
    ['4012000000001006', 'successful', 'S.0000', 'successful', 'Y'],
    ['5204240000015003', 'successful', 'S.0000', 'successful', 'Y'],
    ['4012000000001055', 'successful', 'S.0000', 'successful', 'A'],
    ['5204240000015011', 'successful', 'S.0000', 'successful', 'A'],
    ['4012000000001022', 'failed', 'F.4003', 'unavailable', 'U'],
    ['5204240000015045', 'failed', 'F.4003', 'unavailable', 'U'],
    ['4012000000001030', 'failed', 'F.4002', 'failed', 'R'],
    ['5204240000015052', 'failed', 'F.4002', 'failed', 'R'],
    ['4012000000001014', 'failed', 'F.4001', 'failed', 'N'],
    ['5204240000015060', 'failed', 'F.4001', 'failed', 'N'],
  ] as const) {
    it(`${number} is ${pa_status} without the payer: ${status}`, async () => {
      const { body } = await w.secure.pay(number, { return_url: back })
      const { transaction } = body
      const three_ds = transaction.three_d_secure_verification
      assert.deepEqual(
        [transaction.status, transaction.code, three_ds.status, three_ds.pa_status],
        [status, code, verification, pa_status],
        JSON.stringify(body),
      )
      assert.deepEqual(await w.taken(transaction.uid), status === 'successful' ? ['100'] : [])
      assert.equal((await w.charges(transaction.uid)).length, 1, 'another gateway was asked')
    })
  }

  for (const [number, choice, status, code, pa_status] of [
    ['4012000000003010', 'confirm', 'successful', 'S.0000', 'Y'],
    ['4012000000001097', 'confirm', 'successful', 'S.0000', 'Y'],
    ['5204240000015029', 'confirm', 'successful', 'S.0000', 'Y'],
    ['5123817234060000', 'confirm', 'successful', 'S.0000', 'Y'],
    ['4412397212080000', 'confirm', 'failed', 'F.0999', 'Y'],
    ['4012000000003010', 'refuse', 'failed', 'F.4001', 'N'],
    ['5204240000015029', 'refuse', 'failed', 'F.4001', 'N'],
  ] as const) {
    for (const type of ['payments', 'authorizations'] as const) {
      it(`${number}, ${choice} at the bank: ${status} (${type})`, async () => {
        const made = await w.secure.call('POST', `/transactions/${type}`, {
          request: paymentRequest(number, { return_url: back }),
        })
        const { transaction } = made.body
        assert.deepEqual(
          [transaction.status, transaction.code, transaction.message, transaction.three_d_secure_verification.status],
          ['incomplete', 'P.9998', null, 'incomplete'],
          JSON.stringify(made.body),
        )
        assert.equal(new URL(transaction.redirect_url).pathname, `/process/${transaction.uid}`)
        const from_bank = await w.answerAtBank(processPath(made), choice)
        assert.equal(from_bank, `${w.world.url}/process/${transaction.uid}/return`)
        const to_shop = await w.open(from_bank)
        assert.deepEqual([to_shop.status, to_shop.to], [302, `${back}&uid=${transaction.uid}&status=${status}`])
        const now = await shown(w.secure, transaction.uid)
        assert.deepEqual(
          [now.status, now.code, now.three_d_secure_verification.pa_status, now.three_d_secure_verification.status],
          [status, code, pa_status, pa_status === 'Y' ? 'successful' : 'failed'],
        )
        assert.equal((await w.charges(transaction.uid)).length, 1, 'a second charge, or another gateway')
        if (type === 'payments')
          assert.deepEqual(await w.taken(transaction.uid), status === 'successful' ? ['100'] : [])
      })
    }
  }

  for (const [choice, behind] of [
    ['confirm', 'decline:96'],
    ['refuse', 'approve'],
  ] as const) {
    it(`a shop that cascades by itself does not after a challenge: ${choice}, then ${behind}`, async () => {
      const shop = shopClient(w.world, 363)
      const made = await shop.pay('4012000000003010', {
        return_url: back,
        additional_data: {
          ...(choice === 'confirm' ? { expected_bank_code: 'F.0117' } : {}),
          test_scenario: { 408: '3ds:C', '*': behind },
        },
      })
      const { transaction } = made.body
      assert.deepEqual([transaction.status, transaction.cascade.mode], ['incomplete', 'automatic'])
      const { to } = await w.open(await w.answerAtBank(processPath(made), choice))
      assert.equal(to, `${back}&uid=${transaction.uid}&status=failed`)
      assert.equal((await w.charges(transaction.uid)).length, 1, 'another gateway was asked')
      assert.deepEqual(await w.taken(transaction.uid), [])
    })
  }

  it('a card that wants 3-D Secure is charged once more at the same gateway, with it', async () => {
    const { body } = await w.secure.pay('4200000000100115', {
      credit_card: {
        ...(paymentRequest('4200000000100115').credit_card as object),
        skip_three_d_secure_verification: true,
      },
    })
    assert.equal(body.transaction.status, 'successful', JSON.stringify(body))
    assert.deepEqual(
      body.transaction.cascade.attempts.map((one: Answer) => [one.gateway_id, one.status, one.bank_code]),
      [
        [408, 'failed', '1A'],
        [408, 'successful', '00'],
      ],
    )
    assert.deepEqual(await w.taken(body.transaction.uid), ['100'])
  })

  for (const [choice, status] of [
    ['confirm', 'successful'],
    ['refuse', 'failed'],
  ] as const) {
    it(`the challenge of such a second try is asked on the same page: ${choice}`, async () => {
      const made = await w.plain.pay('4200000000000000', {
        return_url: back,
        additional_data: { test_scenario: { '*': ['decline:1A', '3ds:C'] } },
      })
      const { transaction } = made.body
      assert.equal(transaction.status, 'incomplete', JSON.stringify(made.body))
      const to_shop = await w.open(await w.answerAtBank(processPath(made), choice))
      assert.equal(to_shop.to, `${back}&uid=${transaction.uid}&status=${status}`)
      const now = await shown(w.plain, transaction.uid)
      assert.deepEqual(
        now.cascade.attempts.map((one: Answer) => [one.gateway_id, one.status]),
        [
          [408, 'failed'],
          [408, status],
        ],
      )
      assert.deepEqual(await w.taken(transaction.uid), status === 'successful' ? ['100'] : [])
    })
  }
})
