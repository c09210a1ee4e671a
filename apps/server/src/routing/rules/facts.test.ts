import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseRoute } from './choose-route.ts'
import { findField, shownValue } from './facts.ts'
import { inOrder, sampleFacts, sampleRule, sampleRun, sampleScheme } from './sample-routing.ts'

test('an explanation masks what is personal and writes amounts as text', () => {
  assert.equal(shownValue('customer.email', 'ann@example.com'), 'a***@example.com')
  assert.equal(shownValue('card.bin8', '42000012'), '420000**')
  assert.equal(shownValue('ip', '203.0.113.7'), '203.0.113.0')
  assert.equal(shownValue('ip', '2001:db8:1:2:3:4:5:6'), '2001:db8:1::')
  assert.equal(shownValue('ip', '2001:db8::7'), '2001:db8::')
  assert.equal(shownValue('ip', '::ffff:203.0.113.7'), '::')
  assert.equal(shownValue('amount', 9007199254740993n), '9007199254740993')
  assert.equal(shownValue('test', false), false)
})

test('a record holds neither address, mailbox nor more than six digits of a card, whatever the rules ask for', () => {
  const names = ['customer.email', 'ip', 'card.bin8', 'card.bin', 'customer.id']
  const rules = names.map((field) => sampleRule(field, { field, op: 'is_empty' }, inOrder(1)))
  const facts = {
    ...sampleFacts,
    ip: '198.51.100.77',
    customer: { id: 'buyer-1', email: 'ada.lovelace@shop.example' },
    card: sampleFacts.card && { ...sampleFacts.card, bin: '430291', bin8: '43029128' },
  }
  const { record } = chooseRoute(sampleRun(sampleScheme(rules, inOrder(1)), { facts }))
  assert.deepEqual(
    names.map((name) => record().context[name]),
    ['a***@shop.example', '198.51.100.0', '430291**', '430291', 'buyer-1'],
  )
  assert.doesNotMatch(JSON.stringify(record()), /lovelace|100\.77|43029128/)
})

test('names that are no field have none, inherited ones neither', () => {
  for (const name of ['card.number', 'metadata.', 'metadata', 'toString', '']) assert.equal(findField(name), null, name)
})
