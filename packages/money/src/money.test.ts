import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  convertBackDown,
  convertBackUp,
  convertDown,
  convertUp,
  type FeeTerms,
  feeOfPaid,
  formatFixed,
  formatMinor,
  paidInInvoiceCurrency,
  parseAmount,
  planFee,
  reserveOf,
  returnedFee,
} from './money.ts'

const minor = fc.bigInt({ min: 1n, max: 10n ** 18n })
const exponent = fc.integer({ min: 0, max: 12 })
const percent = fc
  .tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([units, millionths]) => `${units}.${String(millionths).padStart(6, '0')}`)
const exchangeRate = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.bigInt({ min: 1n, max: 10n ** 12n - 1n }))
  .map(([units, rest]) => `${units}.${String(rest).padStart(12, '0')}`)
const bound = fc.bigInt({ min: 0n, max: 10n ** 9n })
const feeTerms: fc.Arbitrary<FeeTerms> = fc.record({
  strategy: fc.constantFrom('internal' as const, 'external' as const),
  reverse: fc.boolean(),
  rate: percent,
  fix_minor: bound,
  min_minor: bound,
  max_minor: bound,
})

function usd(text: string): bigint {
  const parsed = parseAmount(text, 2)
  assert.equal(typeof parsed, 'bigint', text)
  return parsed as bigint
}

describe('amounts as text', () => {
  const read: [string, number, ReturnType<typeof parseAmount>][] = [
    ['100', 2, 10000n],
    ['100.5', 2, 10050n],
    ['10.000', 2, 1000n],
    ['10.001', 2, 'too_many_decimals'],
    ['1e2', 2, 10000n],
    ['1E+2', 0, 100n],
    ['1.5e-1', 2, 15n],
    ['1.5e-2', 2, 'too_many_decimals'],
    ['150e-1', 0, 15n],
    ['0.1e1', 0, 1n],
    ['0e-999999999', 2, 0n],
    ['-5', 2, -500n],
    ['-0', 2, 0n],
    ['007.50', 2, 750n],
    ['0.00000001', 8, 1n],
    ['1.5', 0, 'too_many_decimals'],
    ['0.1', 0, 'too_many_decimals'],
    ['123456789012345678901234567890.12', 2, 12345678901234567890123456789012n],
    ['', 2, 'not_a_number'],
    ['.5', 2, 'not_a_number'],
    ['5.', 2, 'not_a_number'],
    ['+5', 2, 'not_a_number'],
    ['1,000', 2, 'not_a_number'],
    [' 1', 2, 'not_a_number'],
    ['1\n', 2, 'not_a_number'],
    ['0x10', 2, 'not_a_number'],
    ['NaN', 2, 'not_a_number'],
    ['Infinity', 2, 'not_a_number'],
    ['1e', 2, 'not_a_number'],
    ['١', 2, 'not_a_number'],
  ]
  for (const [literal, decimals, expected] of read) {
    test(`${JSON.stringify(literal)} at ${decimals} decimals is ${expected}`, () => {
      assert.equal(parseAmount(literal, decimals), expected)
    })
  }

  test('an absurd power of ten stays cheap and far above every ceiling', () => {
    assert.ok((parseAmount('1e999999999', 2) as bigint) > 10n ** 300n)
    assert.equal(parseAmount('1e-999999999', 2), 'too_many_decimals')
    assert.equal(parseAmount('1e9999999999', 2), 'not_a_number')
    assert.equal(parseAmount(`${'0'.repeat(400)}1`, 2), 'not_a_number')
  })

  test('shortest and fixed notation', () => {
    assert.equal(formatMinor(10000n, 2), '100')
    assert.equal(formatMinor(12345n, 2), '123.45')
    assert.equal(formatMinor(12340n, 2), '123.4')
    assert.equal(formatMinor(1n, 8), '0.00000001')
    assert.equal(formatMinor(0n, 2), '0')
    assert.equal(formatMinor(100n, 0), '100')
    assert.equal(formatMinor(-5n, 2), '-0.05')
    assert.equal(formatFixed(1000n, 2), '10.00')
    assert.equal(formatFixed(0n, 2), '0.00')
    assert.equal(formatFixed(-123n, 3), '-0.123')
    assert.equal(formatFixed(5n, 0), '5')
  })

  test('reading what was written gives the amount back, in both notations', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), exponent, (amount, decimals) => {
        assert.equal(parseAmount(formatMinor(amount, decimals), decimals), amount)
        assert.equal(parseAmount(formatFixed(amount, decimals), decimals), amount)
        assert.doesNotMatch(formatMinor(amount, decimals), /\.\d*0$|[eE]/)
      }),
    )
  })
})

describe('fee plans', () => {
  const vectors: [string, string, string, string, 'internal' | 'external', boolean, string, string, string, string][] =
    [
      ['3', '10', '0', '0', 'internal', false, '100', '100', '87', '13'],
      ['3', '10', '0', '0', 'internal', true, '100', '113.41', '100', '13.41'],
      ['3', '10', '0', '0', 'external', false, '100', '113', '100', '13'],
      ['3', '10', '0', '0', 'external', true, '100', '100', '87.37', '12.63'],
      ['10', '10', '20', '0', 'internal', false, '21', '21', '1', '20'],
      ['50', '100', '0', '100', 'external', true, '100000', '100000', '99900', '100'],
      ['3', '100', '0', '0', 'internal', true, '100000', '103195.88', '100000', '3195.88'],
    ]
  for (const [rate, fix, min, max, strategy, reverse, amount, payment_amount, deposit, fee] of vectors) {
    test(`${rate} % + ${fix}, bounds ${min}–${max}, ${strategy}/${reverse}, of ${amount} is ${fee}`, () => {
      const terms = { strategy, reverse, rate, fix_minor: usd(fix), min_minor: usd(min), max_minor: usd(max) }
      assert.deepEqual(planFee(usd(amount), 2, terms), {
        payment_amount_minor: usd(payment_amount),
        deposit_minor: usd(deposit),
        fee_minor: usd(fee),
      })
    })
  }

  const plain: FeeTerms = {
    strategy: 'internal',
    reverse: false,
    rate: '0',
    fix_minor: 0n,
    min_minor: 0n,
    max_minor: 0n,
  }

  test('the lower bound applies first, the upper bound wins, 0 is no bound', () => {
    assert.equal(planFee(100n, 2, { ...plain, min_minor: 20n }).fee_minor, 20n)
    assert.equal(planFee(100n, 2, { ...plain, min_minor: 20n, max_minor: 10n }).fee_minor, 10n)
    assert.equal(planFee(100n, 2, { ...plain, rate: '50', max_minor: 0n }).fee_minor, 50n)
  })

  test('a fee above the amount shows as a negative deposit', () => {
    assert.equal(planFee(100n, 2, { ...plain, fix_minor: 150n }).deposit_minor, -50n)
  })

  test('an exact fee is not rounded up', () => {
    assert.equal(planFee(300n, 2, { ...plain, strategy: 'external', reverse: true, rate: '50' }).fee_minor, 100n)
    assert.equal(planFee(100n, 2, { ...plain, reverse: true, rate: '50' }).fee_minor, 100n)
  })

  test('a rate of 100 % or more has no inverse fee', () => {
    assert.throws(() => planFee(100n, 2, { ...plain, reverse: true, rate: '100' }), RangeError)
  })

  test('what is paid is the deposit and the fee, within the bounds, and one of the sides is the amount', () => {
    fc.assert(
      fc.property(minor, exponent, feeTerms, (amount, decimals, terms) => {
        const plan = planFee(amount, decimals, terms)
        assert.equal(plan.payment_amount_minor, plan.deposit_minor + plan.fee_minor)
        const onTop = terms.strategy === 'internal' ? terms.reverse : !terms.reverse
        assert.equal(onTop ? plan.deposit_minor : plan.payment_amount_minor, amount)
        assert.ok(plan.fee_minor >= 0n)
        if (terms.max_minor > 0n) assert.ok(plan.fee_minor <= terms.max_minor)
        if (terms.max_minor === 0n || terms.max_minor >= terms.min_minor) assert.ok(plan.fee_minor >= terms.min_minor)
      }),
    )
  })

  test('a larger amount never has a smaller fee', () => {
    fc.assert(
      fc.property(minor, minor, feeTerms, (a, b, terms) => {
        const [less, more] = a < b ? [a, b] : [b, a]
        assert.ok(planFee(less, 2, terms).fee_minor <= planFee(more, 2, terms).fee_minor)
        assert.ok(feeOfPaid(less, 2, terms) <= feeOfPaid(more, 2, terms))
      }),
    )
  })

  test('the fee is the smallest whole number that is not below the exact one', () => {
    fc.assert(
      fc.property(minor, percent, bound, (amount, rate, fix_minor) => {
        const parts = BigInt(rate.replace('.', ''))
        const unit = 10n ** 8n
        const { fee_minor } = planFee(amount, 2, { ...plain, rate, fix_minor })
        const exact = amount * parts + fix_minor * unit
        assert.ok(fee_minor * unit >= exact && (fee_minor - 1n) * unit < exact)
        const out = planFee(amount, 2, { ...plain, reverse: true, rate, fix_minor }).fee_minor
        const gross = (net_and_fee: bigint): bigint => net_and_fee * (unit - parts) - (amount + fix_minor) * unit
        assert.ok(gross(amount + out) >= 0n && gross(amount + out - 1n) < 0n)
      }),
    )
  })

  test('a paid amount has a fee from 0 to itself, and the planned fee when the plan took it from the gross', () => {
    fc.assert(
      fc.property(minor, feeTerms, (paid, terms) => {
        const fee = feeOfPaid(paid, 2, terms)
        assert.ok(fee >= 0n && fee <= paid)
        const fromGross = { ...terms, reverse: terms.strategy === 'external' }
        const planned = planFee(paid, 2, fromGross)
        if (planned.deposit_minor >= 0n) assert.equal(fee, planned.fee_minor)
        else assert.equal(fee, paid)
      }),
    )
  })
})

describe('conversions', () => {
  test('vectors', () => {
    assert.equal(convertUp(10000n, 2, 2, '30.959723'), 309598n)
    assert.equal(convertDown(10000n, 2, 2, '30.959723'), 309597n)
    assert.equal(convertBackDown(10000n, 2, 2, '30.959723'), 323n)
    assert.equal(convertBackUp(10500n, 2, 2, '30.959723'), 340n)
    assert.equal(convertUp(12345n, 2, 0, '1'), 124n)
    assert.equal(convertUp(1n, 0, 8, '0.000000000001'), 1n)
    assert.equal(convertUp(777n, 2, 2, '1'), 777n)
  })

  test('no rate and a rate of nothing are refused', () => {
    assert.throws(() => convertUp(1n, 2, 2, '1e5'), RangeError)
    assert.throws(() => convertBackDown(1n, 2, 2, '0'), RangeError)
  })

  test('up and down differ by at most one unit, and there and back never favours the payer', () => {
    fc.assert(
      fc.property(minor, exponent, exponent, exchangeRate, (amount, from, to, rate) => {
        const up = convertUp(amount, from, to, rate)
        const down = convertDown(amount, from, to, rate)
        assert.ok(up - down === 0n || up - down === 1n)
        assert.ok(convertBackDown(up, to, from, rate) >= amount)
        assert.ok(convertBackDown(down, to, from, rate) <= amount)
        assert.ok(convertBackUp(down, to, from, rate) <= amount)
      }),
    )
  })

  test('paying what was asked gives what was asked; paying more never gives less', () => {
    fc.assert(
      fc.property(minor, minor, exponent, exponent, exchangeRate, (asked, paid_minor, service_exponent, own, rate) => {
        const conversion = {
          payment_service_amount_minor: convertUp(asked, own, service_exponent, rate),
          payment_amount_minor: asked,
          exponent: own,
          service_exponent,
          rate,
        }
        const back = (paid: bigint) => paidInInvoiceCurrency({ ...conversion, paid_minor: paid })
        assert.equal(back(conversion.payment_service_amount_minor), asked)
        if (paid_minor > conversion.payment_service_amount_minor) assert.ok(back(paid_minor) >= asked)
        if (paid_minor < conversion.payment_service_amount_minor) assert.ok(back(paid_minor) <= asked)
      }),
    )
  })
})

describe('reserve and returned fee', () => {
  test('10 % of 111 is 11.10', () => assert.equal(reserveOf(11100n, 11100n, '10', 2), 1110n))

  test('the reserve is rounded up, at most the deposit, and nothing without one', () => {
    assert.equal(reserveOf(101n, 101n, '10', 2), 11n)
    assert.equal(reserveOf(100n, 5n, '10', 2), 5n)
    assert.equal(reserveOf(100n, 0n, '10', 2), 0n)
    assert.equal(reserveOf(100n, 100n, '0', 2), 0n)
    fc.assert(
      fc.property(minor, minor, percent, (a, b, rate) => {
        const [deposit, processed] = a < b ? [a, b] : [b, a]
        const reserve = reserveOf(processed, deposit, rate, 2)
        assert.ok(reserve >= 0n && reserve <= deposit)
      }),
    )
  })

  test('a third of 100 three times gives back the fee of the sum, rounded once', () => {
    const paid = { processed_amount_minor: 10000n, processed_fee_minor: 1000n }
    assert.equal(
      returnedFee({ ...paid, refunded_before_minor: 0n, returned_before_minor: 0n, refund_minor: 3333n }),
      333n,
    )
    assert.equal(
      returnedFee({ ...paid, refunded_before_minor: 3333n, returned_before_minor: 333n, refund_minor: 3333n }),
      333n,
    )
    assert.equal(
      returnedFee({ ...paid, refunded_before_minor: 6666n, returned_before_minor: 666n, refund_minor: 3334n }),
      334n,
    )
  })

  test('over any series of partial refunds the fee comes back whole, never early, never above a refund', () => {
    fc.assert(
      fc.property(minor, minor, fc.array(minor, { maxLength: 8 }), (a, b, cuts) => {
        const [fee, amount] = a < b ? [a, b] : [b, a]
        let refunded = 0n
        let returned = 0n
        const marks = [...cuts.filter((cut) => cut < amount), amount].sort((x, y) => (x < y ? -1 : 1))
        for (const mark of marks) {
          const refund_minor = mark - refunded
          if (refund_minor === 0n) continue
          const back = returnedFee({
            processed_amount_minor: amount,
            processed_fee_minor: fee,
            refunded_before_minor: refunded,
            returned_before_minor: returned,
            refund_minor,
          })
          assert.ok(back >= 0n && back <= refund_minor)
          refunded += refund_minor
          returned += back
          assert.equal(returned, (fee * refunded) / amount)
        }
        assert.equal(returned, fee)
      }),
    )
  })

  test('a refund whose fee was kept before never gives back more than itself', () => {
    const late = {
      processed_amount_minor: 100n,
      processed_fee_minor: 50n,
      refunded_before_minor: 90n,
      returned_before_minor: 0n,
    }
    assert.equal(returnedFee({ ...late, refund_minor: 10n }), 10n)
  })
})
