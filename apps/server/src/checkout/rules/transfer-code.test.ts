import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Transfer, transferCode } from './transfer-code.ts'

const euro: Transfer = {
  method: 'account',
  currency: 'EUR',
  number: 'DE89370400440532013000',
  owner: 'Anna Weber',
  amount: '390.5',
}

describe('what a bank app reads from the picture', () => {
  it('is a euro transfer with name, account and amount', () => {
    assert.equal(transferCode(euro), 'BCD\n002\n1\nSCT\n\nAnna Weber\nDE89370400440532013000\nEUR390.5')
  })

  const without: [string, Partial<Transfer>][] = [
    ['a card', { method: 'card', number: '5363542310297979' }],
    ['a phone', { method: 'sbp', number: '+79000000000' }],
    ['another currency', { currency: 'RUB' }],
    ['an account of another form', { number: '40817810099910004312' }],
    ['an account with a wrong digit', { number: 'DE89370400440532013001' }],
    ['a mask', { number: '****3000' }],
    ['a nameless owner', { owner: '  ' }],
    ['an amount over the form', { amount: '1000000000' }],
  ]
  for (const [name, change] of without) {
    it(`there is none for ${name}`, () => assert.equal(transferCode({ ...euro, ...change }), null))
  }

  it('a name cannot write lines of its own', () => {
    const code = transferCode({ ...euro, owner: `Anna\nEUR1 ${'x'.repeat(100)}` })
    assert.equal(code?.split('\n').length, 8)
    assert.equal(code?.split('\n')[5]?.length, 70)
  })
})
