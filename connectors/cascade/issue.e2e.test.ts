/** Every answer to CREATE_PAYMENT that a desk of traders can be told to give. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createPlainSend, sampleCharge } from '@cascad/connector/contract-suite'
import type { IssueResult, RequisiteMethod } from '@cascad/connector/requisites'
import connector from './index.ts'
import { issue } from './issue.ts'
import { openDesk } from './sample-desk.ts'

const { send, desks, step, payments, credentials, asking, ask, issued, statusOf, cancel, lastId } = openDesk()

describe('CREATE_PAYMENT', () => {
  const methods: readonly RequisiteMethod[] = ['card', 'sbp', 'account']
  for (const method of methods) {
    test(`${method}: the number of a trader, in the form it is kept in`, async () => {
      const { state, outcome, health } = await ask({ method, amount_minor: 390_050n })
      assert.ok(state === 'issued' && health === 'healthy' && outcome.type === 'action_required')
      const { action, provider_reference } = outcome
      const payment = payments().find(({ id }) => id === provider_reference)
      const trader = desks()
        .traders('volga')
        .find(({ id }) => id === payment?.trader)
      assert.ok(payment && trader)
      assert.deepEqual([action.bank, action.owner], [trader.bank, trader.owner])
      assert.equal(action.number, trader.numbers[method].replaceAll(' ', ''))
      const { amount, currencyRate, currency, transactionWindowInMin } = payment.asked
      assert.deepEqual([amount, currencyRate, currency, transactionWindowInMin], ['3900.5', '85.5', 'RUB', 30])
      assert.deepEqual([action.amount, action.doubts], [amount, []])
    })
  }

  test('both spellings of the event are understood', async () => {
    const { state } = await ask({ credentials: { ...credentials(), event_form: 'bare' } })
    assert.equal(state, 'issued')
    assert.match(desks().calls('volga')[0]?.request ?? '', /"event":"CREATE_PAYMENT"/)
  })

  /** Steps after which nothing may be shown; `exists` = the desk keeps a payment all the same. */
  type Row = readonly [string, IssueResult['state'], reason: string | null, exists?: 'exists' | 'learned']
  const rows: readonly Row[] = [
    ['refuse:NO_REQUISITES', 'refused', 'NO_REQUISITES'],
    ['refuse:INSUFFICIENT_BALANCE', 'refused', 'INSUFFICIENT_BALANCE'],
    ['refuse:AMOUNT_OUT_OF_RANGE', 'refused', 'AMOUNT_OUT_OF_RANGE'],
    ['refuse:METHOD_UNSUPPORTED', 'refused', 'METHOD_UNSUPPORTED'],
    ['refuse:CURRENCY_UNSUPPORTED', 'refused', 'CURRENCY_UNSUPPORTED'],
    ['refuse:RATE_REJECTED', 'refused', 'RATE_REJECTED'],
    ['refuse:DUPLICATE', 'refused', 'DUPLICATE'],
    ['refuse:THROTTLED', 'refused', 'THROTTLED'],
    ['refuse:OTHER', 'refused', 'OTHER'],
    ['refuse_plain:400', 'refused', 'OTHER'],
    ['refuse_plain:402', 'refused', 'INSUFFICIENT_BALANCE'],
    ['refuse_plain:418', 'refused', 'OTHER'],
    ['throttle:7', 'refused', 'THROTTLED'],
    ['unauthorized', 'refused', 'UNAUTHORIZED'],
    ['create_failed', 'refused', 'OTHER'],
    ['e500:not_created', 'unknown', null],
    ['e500:created', 'unknown', null, 'exists'],
    ['timeout:not_created', 'unknown', null],
    ['timeout:created', 'unknown', null, 'exists'],
    ['late_answer:2', 'unknown', null, 'exists'],
    ['reset', 'unknown', null],
    ['bad_json', 'unknown', null, 'exists'],
    ['huge', 'unknown', null, 'exists'],
    ['wrong_types', 'violation', null, 'learned'],
    ['missing:bank', 'violation', null, 'learned'],
    ['missing:owner', 'violation', null, 'learned'],
    ['missing:status', 'violation', null, 'learned'],
    ['missing:cardNumber', 'violation', null, 'learned'],
    ['missing:id', 'violation', null, 'exists'],
    ['wrong_method', 'violation', null, 'learned'],
    ['redirect', 'violation', null],
  ]
  for (const [text, state, reason, exists] of rows) {
    test(`${text}: ${state}`, async () => {
      step(text)
      const result = await ask()
      assert.deepEqual([result.state, result.reason], [state, reason])
      assert.notEqual(result.outcome.type, 'action_required')
      assert.equal(payments().length, exists === undefined ? 0 : 1)
      assert.equal(result.orphan, exists === 'learned' ? lastId() : null)
      assert.equal(result.misconfigured, text === 'unauthorized' || text === 'redirect')
      const health = state !== 'refused' ? 'failure' : text === 'unauthorized' ? 'not_counted' : 'healthy'
      assert.equal(result.health, health)
      if (text === 'throttle:7') assert.deepEqual(result.skip, { scope: 'gateway', seconds: 7 })
    })
  }

  test('an orphan whose id was learned is cancelled, and asked about until it is over', async () => {
    step('missing:owner')
    const { orphan } = await ask()
    assert.ok(orphan)
    assert.equal((await cancel(orphan)).type, 'pending')
    assert.notEqual(payments()[0]?.cancelled_at_ms, null)
    assert.equal((await statusOf(orphan)).type, 'declined')
  })

  test('slow, luhn_bad and number_id are requisites', async () => {
    assert.equal(await issued('slow:5'), lastId())
    step('luhn_bad')
    const doubtful = (await ask()).outcome
    assert.ok(doubtful.type === 'action_required')
    assert.deepEqual(doubtful.action.doubts, ['check_digit'])
    const strict = { ...credentials(), require_luhn: true }
    step('luhn_bad')
    assert.equal((await ask({ credentials: strict })).state, 'violation')
    const id = await issued('number_id')
    assert.match(id, /^9\d{14}$/)
    assert.equal((await statusOf(id)).type, 'pending')
  })

  test('duplicate_id is issued as it stands: the platform knows that the id is taken', async () => {
    const first = await issued()
    assert.equal(await issued('duplicate_id'), first)
  })

  test('issue_now_success gives requisites, and money only when GET_PAYMENT says so', async () => {
    const id = await issued('issue_now_success')
    assert.equal((await statusOf(id)).type, 'pending')
  })

  test('a repeat under the same key finds the order of a lost answer again', async () => {
    step('e500:created')
    const request = asking()
    assert.equal((await issue(request, send)).state, 'unknown')
    const { outcome } = await issue(request, send)
    assert.equal('provider_reference' in outcome && outcome.provider_reference, lastId())
    assert.equal(payments().length, 1)
  })

  test('ten questions at once are ten orders', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => ask()))
    const ids = results.map(({ outcome }) => 'provider_reference' in outcome && outcome.provider_reference)
    assert.equal(new Set(ids).size, 10)
    assert.ok(results.every(({ state }) => state === 'issued'))
  })

  test('a closed port: nothing was sent', async () => {
    const nowhere = { ...credentials(), endpoint_url: 'http://127.0.0.1:1/cascade' }
    const { state, health, outcome } = await ask({ credentials: nowhere })
    assert.deepEqual([state, health, outcome.type], ['not_sent', 'failure', 'not_sent'])
  })

  test('a wrong key: refused, and the gateway is to be looked at', async () => {
    const wrong = { ...credentials(), api_key: 'not_the_key_of_volga' }
    const { state, reason, misconfigured } = await ask({ credentials: wrong })
    assert.deepEqual([state, reason, misconfigured], ['refused', 'UNAUTHORIZED', true])
  })

  test('an answer after the limit: the id of the order is learned, nothing of it is shown', async () => {
    step('late_answer:1.5')
    const listening = createPlainSend({ read_timeout_ms: 10_000, listen_max_ms: 10_000 })
    const { state, outcome, orphan, late } = await issue(asking(), listening)
    assert.deepEqual([state, outcome.type, orphan], ['unknown', 'unknown', null])
    assert.equal(await late, lastId())
  })
})

test('asked to charge, it says that nothing was sent: the cascade goes on', async () => {
  assert.equal((await connector.charge(sampleCharge(credentials()), send)).type, 'not_sent')
})
