import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromMinor } from './decimal.ts'
import { eventNameOf, eventNames, methods } from './events.ts'
import { type JsonMembers, readJsonObject } from './json.ts'
import { publishedExamples } from './published-examples.ts'
import { readData } from './read-data.ts'
import { writeEvent } from './write-event.ts'

for (const event of eventNames) {
  test(`the published ${event} is read and written back as the same JSON`, () => {
    const { request } = publishedExamples[event]
    const members = readJsonObject(request) as JsonMembers
    assert.equal(eventNameOf(members.get('event')), event)
    const read = readData(event, members.get('data'))
    if ('errors' in read) assert.fail(JSON.stringify(read.errors))
    const written = writeEvent(event, read.data)
    assert.deepEqual(JSON.parse(written), JSON.parse(request))
    assert.equal(written, request.replace(/\n| (?=["{\d])|(?<=[\d"}]) (?=})/g, '').replace('3900.00', '3900'))
    assert.equal(JSON.parse(writeEvent(event, read.data, 'bare')).event, event)
  })
}

test('what is written is what is read, to the last digit', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }),
      fc.bigInt({ min: 1n, max: 10n ** 12n }),
      fc.constantFrom(...methods),
      fc.option(fc.integer({ min: 1, max: 1440 }), { nil: undefined }),
      (minor, rate, method, minutes) => {
        const data = {
          amount: fromMinor(minor, 2),
          method,
          currencyRate: fromMinor(rate, 4),
          currency: 'RUB',
          ...(minutes !== undefined && { transactionWindowInMin: minutes }),
        }
        const members = readJsonObject(writeEvent('CREATE_PAYMENT', data)) as JsonMembers
        assert.deepEqual(readData('CREATE_PAYMENT', members.get('data')), { data })
      },
    ),
  )
})

test('texts are escaped, and an amount that is no decimal is refused before anything is sent', () => {
  const written = writeEvent('GET_PAYMENT', { id: 'a"b\\c' })
  assert.equal(written, '{"event":"CascadeEvents.GET_PAYMENT","data":{"id":"a\\"b\\\\c"}}')
  assert.throws(() => writeEvent('CREATE_APPEAL', { id: 'a', amount: '1,"x":2', url: 'http://a' }), RangeError)
})
