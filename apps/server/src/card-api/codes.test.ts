import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classRules, declineClasses } from '../routing/rules/decline-class.ts'
import { unifiedCodes } from '../routing/rules/unified-codes.ts'
import { languageOf, merchantText, payerText } from './codes.ts'

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `F.0${from + i}`)

const published = [
  'S.0000',
  'P.0001',
  'P.9998',
  'P.9999',
  ...numbered(100, 135),
  ...numbered(996, 999),
  'F.1000',
  'F.2001',
  'F.2002',
  'F.2003',
  'F.2004',
  'F.2005',
  'F.2006',
  'F.2008',
  'F.4001',
  'F.4002',
  'F.4003',
  'F.6001',
  'F.6002',
]

test('every published code speaks to the merchant, but for the one that waits for the payer', () => {
  for (const code of published) {
    const text = merchantText(code)
    if (code === 'P.9998') assert.equal(text, null)
    else assert.match(text ?? '', /^[A-Z0-9].*[.]$/, code)
  }
})

test('every published code speaks to the payer in each language, in its letters', () => {
  for (const code of published) {
    assert.match(payerText(code, 'en'), /^[A-Z][A-Za-z ',.-]+[.]$/, code)
    assert.match(payerText(code, 'ru'), /^[А-ЯЁа-яё ,.-]+[.]$/, code)
    assert.match(payerText(code, 'uk'), /^[А-ЩЬЮЯЄІЇҐа-щьюяєіїґ' ,.-]+[.]$/, code)
  }
})

test('what a gateway or a class may say is published, and only where no reason is given the text is that of no reason', () => {
  const nameless = merchantText('F.0999')
  const sayable = [...unifiedCodes.keys(), ...declineClasses.map((name) => classRules[name].unified_code ?? 'F.0999')]
  for (const code of sayable) assert.ok(published.includes(code), code)
  const silent = published.filter((code) => merchantText(code) === nameless)
  assert.deepEqual(silent, ['F.0997', 'F.0999'])
})

test('a code we do not know is a decline without a reason', () => {
  assert.equal(merchantText('F.0777'), merchantText('F.0999'))
  assert.equal(payerText('F.0777', 'uk'), payerText('F.0999', 'uk'))
  assert.equal(merchantText('constructor'), merchantText('F.0999'))
})

test('a language without texts of its own is answered in English', () => {
  assert.deepEqual(['en', 'ru', 'uk', 'de', 'xx', ''].map(languageOf), ['en', 'ru', 'uk', 'en', 'en', 'en'])
  assert.equal(payerText('F.0114', 'de'), 'Not enough money on the card.')
})

test('some texts as they are', () => {
  assert.equal(merchantText('F.0105'), 'Do not honor.')
  assert.equal(payerText('S.0000', 'en'), 'The payment went through.')
  assert.equal(payerText('S.0000', 'ru'), 'Платёж прошёл.')
  assert.equal(payerText('P.9999', 'uk'), 'Платіж перевіряється. Не платіть повторно.')
  assert.equal(merchantText('F.2002'), 'All gateways are excluded.')
})
