import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SendResult } from '@cascad/connector'
import type { IssueResult, RequisiteMethod } from '@cascad/connector/requisites'
import { issue } from './issue.ts'
import { readIssue } from './read-issue.ts'
import { answered, asked, right, sampleIssue } from './sample-issue.ts'

const without = (name: string) => Object.fromEntries(Object.entries(right).filter(([field]) => field !== name))
const read = (answer: SendResult, more: Partial<typeof asked> = {}) => readIssue(answer, { ...asked, ...more })
const issued = (document: object, method: RequisiteMethod = 'card') => {
  const { outcome } = read(answered(201, document), { method })
  assert.ok(outcome.type === 'action_required', `read as ${outcome.type}`)
  return outcome
}

describe('what comes of each answer', () => {
  type Row = readonly [string, SendResult, IssueResult['state'], IssueResult['health'], orphan?: string]
  const id = right.id
  const rows: readonly Row[] = [
    ['200 pending', answered(200, right), 'issued', 'healthy'],
    ['201 pending', answered(201, right), 'issued', 'healthy'],
    ['299 pending', answered(299, right), 'issued', 'healthy'],
    ['success is not money yet', answered(200, { ...right, status: 'success' }), 'issued', 'healthy'],
    ['unknown fields', answered(200, { ...right, amount: 1, more: {} }), 'issued', 'healthy'],
    ['failed', answered(200, { ...right, status: 'failed' }), 'refused', 'healthy'],
    ['failed and nothing else', answered(200, { status: 'failed' }), 'refused', 'healthy'],
    ['appeal', answered(200, { ...right, status: 'appeal' }), 'violation', 'failure', id],
    ['an unknown status', answered(200, { ...right, status: 'paid' }), 'violation', 'failure', id],
    ['a status in capitals', answered(200, { ...right, status: 'PENDING' }), 'violation', 'failure', id],
    ['no id', answered(200, without('id')), 'violation', 'failure'],
    ...['status', 'bank', 'owner', 'cardNumber'].map(
      (name): Row => [`no ${name}`, answered(200, without(name)), 'violation', 'failure', id],
    ),
    ['an empty id', answered(200, { ...right, id: '' }), 'violation', 'failure'],
    ['an id of 129 characters', answered(200, { ...right, id: 'x'.repeat(129) }), 'violation', 'failure'],
    [
      'another method',
      answered(200, { ...without('cardNumber'), sbpNumber: '+79000000000' }),
      'violation',
      'failure',
      id,
    ],
    ['an id with a line break', answered(200, { ...right, id: 'a\nb' }), 'violation', 'failure'],
    ['an id in another encoding', answered(200, { ...right, id: 'n\ufffd1' }), 'violation', 'failure'],
    [
      'an owner in another encoding',
      answered(200, { ...right, owner: '\ufffd\ufffd\ufffd' }),
      'violation',
      'failure',
      id,
    ],
    ['a bank in another encoding', answered(200, { ...right, bank: 'Bank \ufffd' }), 'violation', 'failure', id],
    ['a mark of the byte order', answered(200, `\ufeff${JSON.stringify(right)}`), 'issued', 'healthy'],
    ['an empty object', answered(200, {}), 'violation', 'failure'],
    ['broken JSON', answered(200, JSON.stringify(right).slice(0, -7)), 'unknown', 'failure'],
    ['nothing', answered(204, ''), 'unknown', 'failure'],
    ['a list', answered(200, [right]), 'unknown', 'failure'],
    ['a page', answered(200, '<h1>It works!</h1>'), 'unknown', 'failure'],
    ['302', answered(302, ''), 'violation', 'failure'],
    ['307 with a document', answered(307, right), 'violation', 'failure', id],
    ['500', answered(500, '<h1>Error</h1>'), 'unknown', 'failure'],
    ['503 that names its order', answered(503, right), 'unknown', 'failure', id],
    ['a status of no kind', answered(700, right), 'unknown', 'failure', id],
    ['not sent', { type: 'not_sent', detail: 'ECONNREFUSED' }, 'not_sent', 'failure'],
    ['no answer', { type: 'unknown', detail: 'read_timeout' }, 'unknown', 'failure'],
  ]
  for (const [name, answer, state, health, orphan] of rows) {
    test(`${name}: ${state}`, () => {
      const result = read(answer)
      assert.deepEqual([result.state, result.health, result.orphan], [state, health, orphan ?? null])
      const type = { issued: 'action_required', refused: 'declined', violation: 'declined' } as const
      const isDecline = state === 'refused' || state === 'violation'
      assert.equal(result.outcome.type, state in type ? type[state as keyof typeof type] : state)
      if (isDecline) {
        assert.equal(
          'class' in result.outcome && result.outcome.class,
          state === 'refused' ? 'refusal' : 'gateway_rejected',
        )
      }
      assert.equal(result.misconfigured, name.startsWith('30'))
    })
  }
})

describe('refusals', () => {
  type Row = readonly [number, unknown, reason: string, more?: string]
  const rows: readonly Row[] = [
    [400, 'No.', 'OTHER'],
    [400, { code: 'RATE_REJECTED' }, 'RATE_REJECTED', 'currency 60'],
    [401, { code: 'NO_REQUISITES' }, 'UNAUTHORIZED', 'misconfigured'],
    [401, '', 'UNAUTHORIZED', 'misconfigured'],
    [402, {}, 'INSUFFICIENT_BALANCE'],
    [403, {}, 'OTHER'],
    [403, '<h1>Forbidden</h1>', 'UNAUTHORIZED', 'misconfigured'],
    [403, '[]', 'UNAUTHORIZED', 'misconfigured'],
    [403, { code: 'UNAUTHORIZED' }, 'UNAUTHORIZED', 'misconfigured'],
    [404, {}, 'NO_REQUISITES'],
    [404, 'Not found', 'OTHER', 'misconfigured'],
    [405, {}, 'OTHER'],
    [405, '', 'OTHER', 'misconfigured'],
    [408, '', 'OTHER'],
    [409, 'none left', 'NO_REQUISITES'],
    [409, { code: 'DUPLICATE' }, 'DUPLICATE'],
    [410, '', 'OTHER'],
    [415, '', 'OTHER', 'misconfigured'],
    [415, {}, 'OTHER'],
    [418, { code: 'A_WORD_OF_ITS_OWN' }, 'OTHER'],
    [422, { code: 'AMOUNT_OUT_OF_RANGE' }, 'AMOUNT_OUT_OF_RANGE', 'amount 60'],
    [422, { code: 'METHOD_UNSUPPORTED' }, 'METHOD_UNSUPPORTED', 'method 60'],
    [422, { code: 'CURRENCY_UNSUPPORTED' }, 'CURRENCY_UNSUPPORTED', 'currency 60'],
    [422, { code: ['NO_REQUISITES'] }, 'OTHER'],
    [429, '', 'THROTTLED', 'gateway 30'],
    [400, { code: 'THROTTLED' }, 'THROTTLED', 'gateway 30'],
    [499, '', 'OTHER'],
  ]
  for (const [status, body, reason, more = ''] of rows) {
    test(`${status} ${JSON.stringify(body)}: ${reason} ${more}`, () => {
      const result = read(answered(status, body))
      assert.deepEqual([result.state, result.reason, result.orphan], ['refused', reason, null])
      const skip = result.skip ? `${result.skip.scope} ${result.skip.seconds}` : ''
      assert.equal(result.misconfigured ? 'misconfigured' : skip, more)
      assert.equal(result.health, result.misconfigured ? 'not_counted' : 'healthy')
    })
  }

  test('Retry-After is taken within 1 to 300 seconds; a date or a word is 30', () => {
    const pause = (value: string) => read(answered(429, '', { 'retry-after': value })).skip?.seconds
    assert.deepEqual(
      ['7', '0', '900', 'soon', 'Sun, 01 Mar 2026 10:00:00 GMT', '-5', '1.5'].map(pause),
      [7, 1, 300, 30, 30, 30, 30],
    )
  })

  test('the text is the first that is said, cut to 500 characters, its numbers masked', () => {
    const text = (body: unknown) => {
      const { outcome } = read(answered(422, body))
      return outcome.type === 'declined' ? outcome.signals.provider_text : assert.fail()
    }
    assert.equal(text({ detail: 'd', error: 'e', message: 'm' }), 'm')
    assert.equal(text({ detail: 'd', error: { message: 'm' } }), 'd')
    assert.equal(text('plain\nwords'), 'plain words')
    assert.equal(text('x'.repeat(900)), 'x'.repeat(500))
    assert.equal(
      text({ message: 'card 5363 5423-1029 7979, call +7 (900) 123-45-67' }),
      'card ****7979, call +****4567',
    )
    assert.equal(
      text({ message: 'card 5363\u00a05423_1029/7979 or \u0665\u0663\u0666\u0663\u200b5423–10297979' }),
      'card ****7979 or ****7979',
    )
    assert.equal(text(''), null)
  })
})

describe('requisites', () => {
  test('an issue carries everything the page needs, numbers as text', () => {
    assert.deepEqual(issued(right), {
      type: 'action_required',
      provider_reference: right.id,
      action: {
        kind: 'requisites',
        method: 'card',
        amount: '3900',
        currency: 'RUB',
        currency_rate: '85.5',
        requested_at: asked.requested_at,
        expires_at: asked.expires_at,
        bank: 'Example Bank',
        owner: 'Ivan Ivanov',
        number: '5363542310297979',
        doubts: ['check_digit'],
      },
    })
  })

  test('a wrong check digit is a doubt, and a breach where the gateway asks for one', () => {
    assert.deepEqual(issued({ ...right, cardNumber: '5519 2838 1203 0000' }).action.doubts, [])
    assert.equal(read(answered(200, right), { require_luhn: true }).state, 'violation')
  })

  test('an id written as a number is kept to the last digit', () => {
    assert.equal(issued({ ...right, id: 7 }).provider_reference, '7')
    const body = JSON.stringify(right).replace(`"${right.id}"`, '90071992547409931')
    const { outcome } = read(answered(200, body))
    assert.equal('provider_reference' in outcome && outcome.provider_reference, '90071992547409931')
  })

  const numbers: readonly (readonly [RequisiteMethod, string, string, string | null])[] = [
    ['card', 'cardNumber', '5363-5423-1029-7979', '5363542310297979'],
    ['card', 'cardNumber', '123456789012', null],
    ['card', 'cardNumber', '12345678901234567890', null],
    ['card', 'cardNumber', '5363 5423 1029 797x', null],
    ['sbp', 'sbpNumber', '+7 (900) 000-00-00', '+79000000000'],
    ['sbp', 'sbpNumber', '79000000000', '+79000000000'],
    ['sbp', 'sbpNumber', '900000000', null],
    ['sbp', 'sbpNumber', '++79000000000', null],
    ['account', 'accountNumber', 'de89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
    ['account', 'accountNumber', '1234', null],
    ['account', 'accountNumber', 'Ü2345678', null],
  ]
  for (const [method, field, given, kept] of numbers) {
    test(`${method} ${given}: ${kept ?? 'refused'}`, () => {
      const document = { ...without('cardNumber'), [field]: given }
      if (kept === null) assert.equal(read(answered(200, document), { method }).state, 'violation')
      else assert.equal(issued(document, method).action.number, kept)
    })
  }

  test('bank and owner lose control characters, and have a length', () => {
    assert.equal(issued({ ...right, owner: 'Ivan\u0000 Ivanov\n' }).action.owner, 'Ivan Ivanov')
    // The bank is shown in full everywhere and for good: no number may hide in it.
    assert.equal(issued({ ...right, bank: 'Bank 5363 5423 1029 7979, No. 24' }).action.bank, 'Bank ****7979, No. 24')
    // Marks that turn the direction of writing would let the page read otherwise than it is.
    assert.equal(issued({ ...right, bank: '\u202eknab\u202c \u2067Bank\u2069\u200f\u2028' }).action.bank, 'knab Bank')
    for (const wrong of [{ bank: 'b'.repeat(129) }, { owner: 'o'.repeat(257) }, { bank: ' ' }, { owner: 5 }]) {
      assert.equal(read(answered(200, { ...right, ...wrong })).state, 'violation')
    }
  })
})

describe('answers that come late', () => {
  const orphanOf = async (late: SendResult) => {
    const result = await issue(sampleIssue(), async () => ({
      type: 'unknown',
      detail: 'read_timeout',
      late: Promise.resolve(late),
    }))
    assert.deepEqual([result.state, result.orphan], ['unknown', null])
    return await result.late
  }

  test('the id of an order is learned, its requisites are not', async () => {
    assert.equal(await orphanOf(answered(201, right)), right.id)
    assert.equal(await orphanOf(answered(200, { ...right, status: 'appeal' })), right.id)
    assert.equal(await orphanOf(answered(500, { id: 'x-1' })), 'x-1')
  })

  test('a refusal, nothing readable and nothing at all leave no order', async () => {
    assert.equal(await orphanOf(answered(409, right)), null)
    assert.equal(await orphanOf(answered(200, right.id)), null)
    assert.equal(await orphanOf({ type: 'unknown', detail: 'reset' }), null)
    assert.equal(await orphanOf(answered(200, JSON.stringify({ ...right, pad: 'x'.repeat(70_000) }))), null)
  })
})
