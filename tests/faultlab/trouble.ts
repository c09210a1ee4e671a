/** What may go wrong at which step, as data: how somebody misbehaves, and what is true of the money all the same. */
import type { Script } from '../../apps/simulators/src/terminals/script.ts'

export const steps = [
  'request',
  'first charge',
  'second charge',
  'look-up',
  '3-D Secure',
  'notification',
  'capture',
  'void',
  'refund',
  'refund look-up',
  'telling the merchant',
] as const
export type Step = (typeof steps)[number]

/**
 * What the misbehaving gateway has done with the order in truth. `less`, `more`: with another amount than asked. `disputed`: it
 * took the money, denied that when asked, and said so too late.
 */
export type Truth = 'taken' | 'nothing' | 'less' | 'more' | 'disputed'

export type Trouble = {
  readonly name: string
  readonly truth: Truth
  readonly script?: Partial<Script>
  /** Nobody listens at the gateway's address. */
  readonly closed?: true
  /** The truth can be known only after the request has been answered. */
  readonly late?: true
  readonly payer?: Payer
  /** What the merchant's endpoint does with the first deliveries of each event. */
  readonly endpoint?: 'cuts' | 'answers 500' | 'redirects' | 'stays silent'
  /** The merchant gives up waiting and sends the same again. */
  readonly impatient?: true
}

export type Payer = {
  readonly choice: 'confirm' | 'decline' | 'leave'
  /** How often the browser comes back to us. */
  readonly returns: 0 | 1 | 2
  /** It also comes back before anything is decided. */
  readonly early?: true
}

const nothing = (name: string, script: Partial<Script>): Trouble => ({ name, truth: 'nothing', script })
const taken = (name: string, script: Partial<Script>): Trouble => ({ name, truth: 'taken', script })
const late = (trouble: Trouble): Trouble => ({ ...trouble, late: true })

const charges: readonly Trouble[] = [
  { name: 'refuses the connection', truth: 'nothing', closed: true },
  nothing('declines', { answer: 'decline', code: '05' }),
  nothing('times out before', { answer: 'timeout_before' }),
  taken('times out after', { answer: 'timeout_after' }),
  nothing('500 before', { answer: 'error_before' }),
  taken('500 after', { answer: 'error_after' }),
  nothing('cut before', { answer: 'reset_before' }),
  taken('cut after', { answer: 'reset_after' }),
  taken('broken JSON', { answer: 'broken_json' }),
  taken('wrong reference', { answer: 'wrong_reference' }),
  { name: 'takes less', truth: 'less', script: { answer: 'wrong_amount', amount_delta: -100 } },
  { name: 'takes more', truth: 'more', script: { answer: 'wrong_amount', amount_delta: 100 } },
  nothing('401', { answer: 'unauthorized' }),
  nothing('429', { answer: 'throttled' }),
  taken('slow', { delay_ms: 1_500 }),
]

const lookUps: readonly Trouble[] = [
  late(taken('times out; charged', { answer: 'timeout_after', lookups: 'timeout', notifications: 'none' })),
  late(taken('500; charged', { answer: 'error_after', lookups: 'error', notifications: 'none' })),
  late(nothing('500; not charged', { answer: 'error_before', lookups: 'error' })),
  {
    name: 'denies the charge',
    truth: 'disputed',
    script: { answer: 'reset_after', lookups: 'not_found', notifications: 'twice', notification_delay_ms: 9_000 },
  },
]

const challenge = { answer: 'three_ds' } as const
const payers: readonly Trouble[] = [
  { name: 'confirms', truth: 'taken', payer: { choice: 'confirm', returns: 1 } },
  { name: 'comes back twice', truth: 'taken', payer: { choice: 'confirm', returns: 2 } },
  { name: 'comes back early', truth: 'taken', payer: { choice: 'confirm', returns: 1, early: true } },
  { name: 'never comes back', truth: 'taken', payer: { choice: 'confirm', returns: 0 } },
  {
    name: 'never comes back, nobody tells',
    truth: 'taken',
    payer: { choice: 'confirm', returns: 0 },
    script: { notifications: 'none' },
  },
  { name: 'refuses', truth: 'nothing', payer: { choice: 'decline', returns: 1 } },
  { name: 'leaves', truth: 'nothing', payer: { choice: 'leave', returns: 0 } },
].map((one) => ({ ...one, script: { ...challenge, ...one.script } }) as Trouble)

const notifications: readonly Trouble[] = (['normal', 'none', 'late', 'twice', 'out_of_order'] as const).flatMap(
  (kind) => [
    late(taken(`${kind}: approved`, { answer: 'pending', notifications: kind })),
    late(nothing(`${kind}: declined`, { answer: 'pending', notifications: kind })),
  ],
)

type Order = 'captures' | 'cancels' | 'refunds'

/** What never arrived is ordered again under the same key once the gateway has said that it has nothing. */
const orders = (order: Order): readonly Trouble[] => [
  nothing('declines', { [order]: 'decline' }),
  late(taken('pending, then done', { [order]: 'pending' })),
  late(nothing('pending, then refused', { [order]: 'pending' })),
  taken('times out before', { [order]: 'timeout_before' }),
  taken('times out after', { [order]: 'timeout_after' }),
  taken('500 before', { [order]: 'error_before' }),
  taken('500 after', { [order]: 'error_after' }),
]

const refundLookUps: readonly Trouble[] = [
  late(taken('times out; refunded', { refunds: 'error_after', lookups: 'timeout' })),
  late(taken('500; refunded', { refunds: 'timeout_after', lookups: 'error' })),
  late(taken('500; arrives later', { refunds: 'error_before', lookups: 'error' })),
]

const endpoints: readonly Trouble[] = (['cuts', 'answers 500', 'redirects', 'stays silent'] as const).map(
  (endpoint) => ({ name: endpoint, truth: 'taken', endpoint }),
)

export const troubles: Readonly<Record<Step, readonly Trouble[]>> = {
  request: [
    { name: 'well', truth: 'taken' },
    { name: 'given up and sent again', truth: 'taken', impatient: true, script: { delay_ms: 1_500 } },
  ],
  'first charge': charges,
  'second charge': charges,
  'look-up': lookUps,
  '3-D Secure': payers,
  notification: notifications,
  capture: orders('captures'),
  void: orders('cancels'),
  refund: orders('refunds'),
  'refund look-up': refundLookUps,
  'telling the merchant': endpoints,
}
