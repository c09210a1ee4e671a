import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseQuery } from '../../http/query.ts'
import { entryAttributes, entryPairs } from './entry-parameters.ts'

const read = (query: string) => JSON.parse(JSON.stringify(entryAttributes(parseQuery(query))))

describe('parameters of a link', () => {
  it('become attributes; empty ones were not sent', () => {
    assert.deepEqual(
      read(
        'public_key=pk&amount=5&currency=USD&description=&customer[reference_id]=1&customer[address][city]=&metadata[a]=b',
      ),
      { amount: '5', currency: 'USD', customer: { reference_id: '1' }, metadata: { a: 'b' } },
    )
  })
  it('what may not be said in a link is not heard', () => {
    const sent =
      'callback_url=https://a.example&test_mode=0&flow=verify&token=t&options[bypass_hpp]=1&gateway_options[a]=b'
    assert.deepEqual(read(sent), {})
  })
  it('the return address has two names; its own wins', () => {
    assert.deepEqual(read('options[return_url]=https://a.example'), { return_url: 'https://a.example' })
    assert.deepEqual(read('options[return_url]=https://a.example&return_url=https://b.example'), {
      return_url: 'https://b.example',
    })
  })
  it('service fields come as a map or as a list', () => {
    assert.deepEqual(read('service_fields[status]=ok'), { service_fields: { status: 'ok' } })
    assert.deepEqual(read('service_fields[0][key]=status&service_fields[0][value]=ok'), {
      service_fields: [{ key: 'status', value: 'ok' }],
    })
  })
  it('repeated as pairs they say the same', () => {
    const word = fc.string({ minLength: 1, maxLength: 8 })
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '_'), minLength: 1, maxLength: 5 })
    const sent = fc.record({
      amount: word,
      description: word,
      metadata: fc.dictionary(name, word, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
      customer: fc.record({ reference_id: word, address: fc.record({ city: word }) }),
    })
    fc.assert(
      fc.property(sent, (entry) => {
        const pairs = entryPairs(entry)
        const again = parseQuery(
          new URLSearchParams(pairs.map(([key, value]): [string, string] => [key, value])).toString(),
        )
        assert.deepEqual(JSON.parse(JSON.stringify(entryAttributes(again))), entryAttributes(entry))
      }),
    )
  })
})
