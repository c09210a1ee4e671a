/** For tests of operations: the demo world, payments that have been approved in it, and a clock that can be put forward. */
import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { type Network, openNetwork } from '../../../../tests/network.ts'
import { createSimulators, type Simulators } from '../../../simulators/src/simulators.ts'
import { ordinaryScript, type Script } from '../../../simulators/src/terminals/script.ts'
import { demoAccounts } from '../../demo/accounts.ts'
import { getAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { advanceOperation } from './advance-operation.ts'
import { advancePayment } from './advance-payment.ts'
import { listOperations } from './find-operation.ts'
import { loadState, type State } from './find-payment.ts'
import { type Ordered, orderOperation } from './order-operation.ts'
import type { NewPayment, Operation, Payment } from './payment.ts'
import { placeSample } from './sample-wish.ts'
import { submitCard } from './submit-card.ts'

export const day_ms = 24 * 3_600_000
let opened: { readonly simulators: Simulators; readonly network: Network; readonly world: TestContext } | null = null
let passed_ms = 0
let stopped_at: number | null = null
let serial = 0

/** Opens the world for the tests of a file, once `prepare` is done. After each of them the books must be right. */
export function openOperations(prepare?: (ctx: Context) => Promise<unknown>): void {
  before(async () => {
    const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
    const world = await testContext({ now: () => new Date((stopped_at ?? Date.now()) + passed_ms) })
    const network = await openNetwork(simulators.url)
    await seedDemo(world.ctx, { simulators: network.url })
    await prepare?.(world.ctx)
    opened = { simulators, network, world }
  })
  afterEach(async () => {
    stopped_at = null
    script(ordinaryScript)
    await network().pass()
    const findings = await verifyLedger(context().sql)
    assert.deepEqual(
      findings.flatMap(({ check, culprits }) => culprits.map((culprit) => `${check}: ${culprit}`)),
      [],
    )
  })
  after(async () => {
    await opened?.network.close()
    await opened?.simulators.close()
    await opened?.world.close()
  })
}

function now(): NonNullable<typeof opened> {
  if (!opened) throw new Error('the world is not open yet')
  return opened
}

export const context = (): Context => now().world.ctx
/** Between us and the providers. */
export const network = (): Network => now().network

/** How the first gateway behaves, until the end of the test. */
export function script(patch: Partial<Script>): void {
  now().simulators.control.setScript('first', patch)
}

/** The clock stands still but for `pass`, until the end of the test. */
export function stopClock(): void {
  stopped_at = Date.now()
}

/** Puts the clock forward. It never goes back: what one test did to a gateway's health is over for the next that lets time pass. */
export function pass(ms: number): void {
  passed_ms += ms
}

export const account_id = demoAccounts[0]?.settings.id ?? ''
const card = { number: '5519283812030000', exp_month: '12', exp_year: '2030', cvv: '123', holder: null }

/** A payment that has been approved; of the Card API, whose payments may have several operations at once. */
export async function approved(changes: Partial<NewPayment> = {}): Promise<Payment> {
  const ctx = context()
  const account = await getAccount(ctx, account_id)
  const ordinary = { payment_flow: 'authorize', source: 'card_api', callback_url: null } as const
  const payment = await placeSample(ctx, account, { ...ordinary, ...changes })
  const submission = { card, browser: {}, client_ip: '127.0.0.1', payer_on_page: false }
  return (await submitCard(ctx, account, payment, submission, 20_000)).payment
}

type Wish = { readonly kind: Operation['kind']; readonly amount?: bigint | null; readonly capture_id?: string }

export async function order(payment: Payment, { kind, amount = null, capture_id }: Wish): Promise<Ordered> {
  serial += 1
  const reference_id = `order-${serial}`
  return orderOperation(context(), await getAccount(context(), account_id), payment.id, {
    kind,
    amount_minor: amount,
    reference_id,
    description: null,
    capture_id: capture_id ?? null,
  })
}

export const gone = {
  type: 'approved',
  provider_reference: null,
  amount_minor: null,
  rrn: null,
  approval_code: null,
  card_token: null,
} as const
export const stateOf = (payment: Payment): Promise<State> => loadState(context(), account_id, payment.id)
export const operationsOf = (payment: Payment): Promise<Operation[]> =>
  listOperations(context(), account_id, payment.id)
export const taken = (ordered: Ordered): bigint => (ordered.refused === null ? ordered.operation.amount_minor : 0n)
export const statusOf = (ordered: Ordered): string =>
  ordered.refused === null ? ordered.operation.status : ordered.refused
export const provider = (payment: Payment) =>
  now()
    .simulators.control.ledger()
    .find((entry) => entry.reference.startsWith(payment.id.slice(4)) && entry.status !== 'declined')
export const amounts = ({ status, processed_amount_minor, voided_amount_minor, refunded_amount_minor }: Payment) => [
  status,
  processed_amount_minor,
  voided_amount_minor,
  refunded_amount_minor,
]
export const advance = async (operation: Operation): Promise<void> =>
  advanceOperation(context(), account_id, operation.payment_id, operation.id)

/** A worker looks at the payment, if it is due. */
export async function look(payment: Payment): Promise<Payment> {
  await advancePayment(context(), account_id, payment.id, AbortSignal.timeout(60_000))
  return (await stateOf(payment)).payment
}
