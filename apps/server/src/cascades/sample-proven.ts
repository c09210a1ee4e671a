/** For tests: provider payments of every kind with their payments, attempts, appeals and balances, as the engine leaves them. */
import type { Sql } from '../database/connect.ts'
import { addPayment } from '../ledger/sample-verified.ts'
import { endProviderPayment } from './close-provider-payment.ts'
import { freezeAppeal } from './freeze-appeal.ts'
import { holdForCreate } from './hold-for-create.ts'
import type { Provider } from './provider.ts'
import { rebookAppeal } from './rebook-appeal.ts'
import { addProvider, sampleNow as now } from './sample-provider.ts'
import { addProviderPayment } from './sample-provider-payment.ts'

const account_id = 'coma_none'
const amount_minor = 10_000n
const rate = '85.5'

type Sample = {
  readonly id: string
  readonly status: 'incomplete' | 'approved' | 'expired'
  readonly ends: 'success' | 'expired' | null
}

async function add(sql: Sql, provider: Provider, { id, status, ends }: Sample): Promise<void> {
  const paid = status === 'approved'
  const attempt_id = `pay_${id}`
  const facts = { status: paid ? 'processed' : 'process_pending', processed: paid ? amount_minor : null, winner: paid }
  await addPayment(sql, id, { ...facts, account: account_id })
  if (!paid) {
    // Attempts are written as `sent`, and go from there.
    await sql`delete from attempts where id = ${attempt_id}`
    await sql`
      insert into attempts (account_id, payment_id, number, id, gateway_id, connector, reference, test_mode, status, amount_minor, currency, sent_at)
      values (${account_id}, ${id}, 1, ${attempt_id}, 7, 'any', ${id}, false, ${status}, ${amount_minor}, 'USD', ${now})`
  }
  const asked = { attempt_id, account_id, payment_id: id, test_mode: false, currency: 'USD', amount_minor }
  const held = await sql.begin((tx) => holdForCreate(tx, { ...asked, exponent: 2, provider, rate, now }))
  const { settlement_minor } = held as Awaited<ReturnType<typeof holdForCreate>>
  await addProviderPayment(sql, provider, {
    ...asked,
    settlement_minor,
    rate,
    provider_reference: id,
    requested_at: now,
  })
  const of = { account_id, attempt_id, provider_id: provider.id, method: 'card' } as const
  if (ends) await sql.begin((tx) => endProviderPayment(tx, of, ends, now))
}

type SampleAppeal = {
  readonly id: string
  readonly payment_id: string
  readonly amount_minor: bigint
  readonly confirmed: boolean
}

async function appeal(
  sql: Sql,
  provider: Provider,
  { id, payment_id, amount_minor, confirmed }: SampleAppeal,
): Promise<void> {
  const of = { provider_id: provider.id, attempt_id: `pay_${payment_id}`, appeal_id: id }
  const frozen = await freezeAppeal(sql, provider, of, { amount_minor, exponent: 2 }, now)
  if (!frozen) throw new Error(`${id} froze nothing`)
  await sql`
    insert into appeals ${sql({
      ...{
        account_id,
        id,
        payment_id,
        attempt_id: of.attempt_id,
        attempt_number: 1,
        provider_id: provider.id,
        gateway_id: 7,
      },
      ...{
        test_mode: false,
        number: 1,
        state: confirmed ? 'confirmed' : 'opened',
        reason: 'wrong_amount',
        currency: 'USD',
      },
      ...{
        original_minor: 10_000n,
        amount_minor,
        settlement_minor: frozen.appeal_minor,
        freeze_minor: frozen.freeze_minor,
      },
      ...{
        comment: '',
        receipt_id: 'rcp_none',
        opened_side: 'merchant',
        opened_by: 'Any',
        payment_reference: payment_id,
      },
      ...{ opened_at: now, updated_at: now, promised_at: now, closed_at: confirmed ? now : null },
      close_note: confirmed ? 'accepted' : null,
    })}`
  if (!confirmed) return
  await rebookAppeal(sql, of, now)
  await sql`
    insert into appeal_settlements (account_id, appeal_id, payment_id, attempt_number, kind, amount_minor, processed_change_minor,
      fee_change_minor, reserved_change_minor, reserve_released, unallocated_change_minor, created_at)
    values (${account_id}, ${id}, ${payment_id}, 1, 'corrected', ${amount_minor}, ${amount_minor - 10_000n}, 0, 0, false, 0, ${now})`
  await sql`update payments set processed_amount_minor = ${amount_minor}, processed_deposit_minor = ${amount_minor} - processed_fee_minor where id = ${payment_id}`
}

/** Needs the account `coma_none`. One is waited for, one is paid, one is paid and corrected, one is over and has an open appeal. */
export async function addRightProviderPayments(sql: Sql): Promise<void> {
  const provider = await addProvider(sql, 100_000n)
  await add(sql, provider, { id: 'cpi_asked', status: 'incomplete', ends: null })
  await add(sql, provider, { id: 'cpi_transferred', status: 'approved', ends: 'success' })
  await add(sql, provider, { id: 'cpi_appealed', status: 'approved', ends: 'success' })
  await appeal(sql, provider, { id: 'apl_done', payment_id: 'cpi_appealed', amount_minor: 12_000n, confirmed: true })
  await add(sql, provider, { id: 'cpi_over', status: 'expired', ends: 'expired' })
  await appeal(sql, provider, { id: 'apl_open', payment_id: 'cpi_over', amount_minor: 10_000n, confirmed: false })
}
