import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { merchantActive, merchantReserved, type Stamp, type Transfer } from '../transfer.ts'
import {
  transfersOfAuthorization,
  transfersOfCapture,
  transfersOfLateHold,
  transfersOfLateHoldReleased,
  transfersOfRelease,
} from './authorization-transfers.ts'

const stamp = (): Stamp => {
  let serial = 0
  return {
    created_at: new Date('2026-01-02T03:04:05.678Z'),
    nextId() {
      serial += 1
      return `trf_${serial}`
    },
  }
}
const occasion = {
  ledger_scheme: 'simple',
  test_mode: false,
  currency: 'USD',
  payment_id: 'cpi_1',
  gateway_id: 7,
} as const
const lines = (transfers: readonly Transfer[]) =>
  transfers.map(
    ({ code, kind, debit, credit, amount_minor, reference }) =>
      `${code} ${kind} ${debit} > ${credit} ${amount_minor} ${reference}`,
  )
const holdOf = (authorized_amount_minor: bigint, given: Stamp): Transfer =>
  transfersOfAuthorization({ ...occasion, authorized_amount_minor }, given)[0] as Transfer
const free = { fee_minor: 0n, reserved_minor: 0n }

test('a whole capture posts the hold, with fee and reserve', () => {
  const given = stamp()
  const hold = holdOf(1000n, given)
  const capture = {
    ...occasion,
    operation_id: 'cap_1',
    amount_minor: 1000n,
    left_minor: 0n,
    fee_minor: 30n,
    reserved_minor: 100n,
  }
  const transfers = transfersOfCapture(capture, hold, given)
  assert.deepEqual(lines([hold, ...transfers]), [
    'authorization_hold pending gateway:7 > merchant:active 1000 cpi_1',
    'capture post gateway:7 > merchant:active 1000 cap_1',
    'capture_fee posted merchant:active > platform:fees 30 cap_1',
    'capture_reserve posted merchant:active > merchant:reserved 100 cap_1',
  ])
  assert.equal(transfers[0]?.pending_id, hold.id)
})

test('a part captured ends the hold and holds what remains; a void of the rest leaves nothing', () => {
  const given = stamp()
  const hold = holdOf(1000n, given)
  const part = transfersOfCapture(
    { ...occasion, ...free, operation_id: 'cap_1', amount_minor: 400n, left_minor: 600n },
    hold,
    given,
  )
  assert.deepEqual(lines(part), [
    'authorization_released void gateway:7 > merchant:active 1000 cap_1',
    'authorization_hold pending gateway:7 > merchant:active 600 cap_1',
    'capture posted gateway:7 > merchant:active 400 cap_1',
  ])
  const rest = transfersOfRelease({ ...occasion, operation_id: 'voi_1', left_minor: 0n }, part[1] as Transfer, given)
  assert.deepEqual(lines(rest), ['authorization_released void gateway:7 > merchant:active 600 voi_1'])
})

test('without a hold in the books only the taking is booked', () => {
  const capture = { ...occasion, ...free, operation_id: 'cap_1', amount_minor: 400n, left_minor: 600n }
  assert.deepEqual(lines(transfersOfCapture(capture, null, stamp())), [
    'capture posted gateway:7 > merchant:active 400 cap_1',
  ])
  assert.deepEqual(transfersOfRelease({ ...occasion, operation_id: 'voi_1', left_minor: 1n }, null, stamp()), [])
})

test('a late hold and its release leave nothing anywhere', () => {
  const given = stamp()
  const holds = transfersOfLateHold({ ...occasion, attempt_id: 'pay_1', amount_minor: 5n }, given)
  assert.deepEqual(lines([...holds, ...transfersOfLateHoldReleased(holds, given)]), [
    'late_hold pending gateway:7 > platform:late_approvals 5 pay_1',
    'late_hold_released void gateway:7 > platform:late_approvals 5 pay_1',
  ])
})

test('more than is held is a mistake of ours, and so is the end of what is no hold', () => {
  const given = stamp()
  const hold = holdOf(10n, given)
  const taking = { ...occasion, ...free, operation_id: 'cap_1' }
  assert.throws(() => transfersOfCapture({ ...taking, amount_minor: 11n, left_minor: 0n }, hold, given), RangeError)
  assert.throws(() => transfersOfCapture({ ...taking, amount_minor: 5n, left_minor: 6n }, hold, given), RangeError)
  assert.throws(
    () => transfersOfRelease({ ...occasion, operation_id: 'voi_1', left_minor: 10n }, hold, given),
    RangeError,
  )
  const posted = { ...hold, kind: 'posted' } as const
  assert.throws(() => transfersOfRelease({ ...occasion, operation_id: 'voi_1', left_minor: 0n }, posted, given))
})

type Step = {
  readonly kind: 'capture' | 'void'
  readonly share: bigint
  readonly fee: bigint
  readonly reserve: bigint
  readonly final: boolean
}

const share = fc.bigInt({ min: 1n, max: 100n })
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('capture' as const, 'void' as const),
  share,
  fee: fc.bigInt({ min: 0n, max: 50n }),
  reserve: fc.bigInt({ min: 0n, max: 50n }),
  final: fc.boolean(),
})

/** Posted and pending amounts between a pair of accounts, by the definition of the books. */
function sums(transfers: readonly Transfer[], debit: string, credit: string) {
  const of = transfers.filter((one) => one.debit === debit && one.credit === credit)
  const sum = (effect: Record<Transfer['kind'], bigint>) =>
    of.reduce((all, one) => all + effect[one.kind] * one.amount_minor, 0n)
  return {
    posted: sum({ posted: 1n, post: 1n, pending: 0n, void: 0n }),
    pending: sum({ posted: 0n, post: -1n, pending: 1n, void: -1n }),
  }
}

test('whatever the order of captures and voids: what is held, captured and given up is what was authorized', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.array(step, { maxLength: 12 }), (authorized, steps) => {
      const given = stamp()
      const books: Transfer[] = [holdOf(authorized, given)]
      let hold: Transfer | null = books[0] as Transfer
      let captured = 0n
      let voided = 0n
      let borne = 0n
      for (const [i, { kind, share, fee, reserve, final }] of steps.entries()) {
        if (!hold) break
        const held: bigint = hold.amount_minor
        const amount_minor: bigint = (held * share) / 100n || 1n
        const left_minor = final ? 0n : held - amount_minor
        const operation = { ...occasion, operation_id: `op_${i}`, left_minor }
        const fee_minor = (amount_minor * fee) / 100n
        const reserved_minor = ((amount_minor - fee_minor) * reserve) / 100n
        const made: Transfer[] =
          kind === 'capture'
            ? transfersOfCapture({ ...operation, amount_minor, fee_minor, reserved_minor }, hold, given)
            : transfersOfRelease(operation, hold, given)
        if (kind === 'capture') {
          captured += amount_minor
          borne += fee_minor + reserved_minor
        }
        voided += held - left_minor - (kind === 'capture' ? amount_minor : 0n)
        books.push(...made)
        hold = made.find((one) => one.kind === 'pending') ?? null
        assert.equal(hold?.amount_minor ?? 0n, left_minor)
        const gateway = sums(books, 'gateway:7', merchantActive)
        assert.deepEqual(gateway, { posted: captured, pending: left_minor })
        assert.equal(gateway.posted + gateway.pending + voided, authorized)
        const active =
          captured -
          sums(books, merchantActive, 'platform:fees').posted -
          sums(books, merchantActive, merchantReserved).posted
        assert.equal(active, captured - borne)
        assert.ok(active >= 0n)
      }
      const ended = books.flatMap(({ pending_id }) => pending_id ?? [])
      assert.equal(new Set(ended).size, ended.length, 'no hold ends twice')
      const names = books.map(({ reference, code }) => `${reference} ${code}`)
      assert.equal(new Set(names).size, names.length, 'every event is named once')
      assert.ok(books.every(({ amount_minor }) => amount_minor > 0n))
    }),
  )
})
