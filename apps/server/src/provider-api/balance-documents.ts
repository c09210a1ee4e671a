/** Documents of the orders around a balance, of statistics, of skips and of the team. */
import Type, { type Static } from 'typebox'
import { amountText, cursorText, oneOf, orNull, roleWord, timeText } from './document-parts.ts'
import { figures } from './documents.ts'

export const topUp = Type.Object({
  id: Type.String(),
  amount: amountText,
  currency: Type.String(),
  /** What the provider wrote on the transfer. */
  reference: Type.String(),
  status: oneOf('created', 'confirmed', 'rejected', 'cancelled'),
  ordered_by: Type.String(),
  note: orNull(Type.String()),
  created_at: timeText,
})
export type TopUp = Static<typeof topUp>
/** GET top-ups?cursor */
export const topUpsBody = Type.Object({ top_ups: Type.Array(topUp), cursor: cursorText })
export type TopUps = Static<typeof topUpsBody>
/** POST top-ups */
export const topUpOrder = Type.Object({ amount: amountText, reference: Type.String({ minLength: 1, maxLength: 140 }) })
export type TopUpOrder = Static<typeof topUpOrder>

export const withdrawal = Type.Object({
  id: Type.String(),
  amount: amountText,
  currency: Type.String(),
  destination_id: Type.String(),
  destination_label: Type.String(),
  status: oneOf('requested', 'approved', 'paid', 'rejected', 'cancelled'),
  requested_by: Type.String(),
  note: orNull(Type.String()),
  created_at: timeText,
})
export type Withdrawal = Static<typeof withdrawal>
/** GET withdrawals?cursor */
export const withdrawalsBody = Type.Object({ withdrawals: Type.Array(withdrawal), cursor: cursorText })
export type Withdrawals = Static<typeof withdrawalsBody>
/** POST withdrawals; 409 `balance_insufficient` or `destination_too_new` */
export const withdrawalOrder = Type.Object({ amount: amountText, destination_id: Type.String() })
export type WithdrawalOrder = Static<typeof withdrawalOrder>

export const destination = Type.Object({
  id: Type.String(),
  label: Type.String(),
  /** Its end only: `…9f3c`. */
  address: Type.String(),
  /** Not before then. */
  usable_from: timeText,
  saved_by: Type.String(),
  created_at: timeText,
})
export type Destination = Static<typeof destination>
/** GET destinations */
export const destinationsBody = Type.Object({ destinations: Type.Array(destination) })
export type Destinations = Static<typeof destinationsBody>
/** POST destinations */
export const newDestination = Type.Object({
  label: Type.String({ minLength: 1, maxLength: 100 }),
  address: Type.String({ minLength: 4, maxLength: 200 }),
})
export type NewDestination = Static<typeof newDestination>

/** GET statistics?window=1h|24h|7d|30d | from&to &split=method|currency|amount_band */
export const statisticsBody = Type.Object({
  from: timeText,
  to: timeText,
  split: orNull(oneOf('method', 'currency', 'amount_band')),
  all: figures,
  /** One per value of the split, most asked first; empty without a split. `key`: "card", "RUB", "RUB 1000–4999.99". */
  groups: Type.Array(Type.Object({ key: Type.String(), figures })),
  /** Equal steps over the period, none left out: for charts. */
  step_s: Type.Integer(),
  series: Type.Array(
    Type.Object({
      at: timeText,
      asked: Type.Integer(),
      given: Type.Integer(),
      refused: Type.Integer(),
      unknown: Type.Integer(),
      issued: Type.Integer(),
      paid: Type.Integer(),
    }),
  ),
})
export type Statistics = Static<typeof statisticsBody>

/** GET skips: why payments went elsewhere in the last 24 hours, by the hour they were counted in */
export const skipsBody = Type.Object({
  from: timeText,
  to: timeText,
  /** Most frequent first. */
  reasons: Type.Array(Type.Object({ reason: Type.String(), payments: Type.Integer() })),
  connections: Type.Array(
    Type.Object({
      gateway_id: Type.Integer(),
      name: Type.String(),
      reasons: Type.Array(Type.Object({ reason: Type.String(), payments: Type.Integer() })),
    }),
  ),
})
export type Skips = Static<typeof skipsBody>

export const member = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: roleWord,
  active: Type.Boolean(),
  created_at: timeText,
})
export type Member = Static<typeof member>
/** GET team (owner) */
export const teamBody = Type.Object({ people: Type.Array(member) })
export type Team = Static<typeof teamBody>
/** POST team (owner) */
export const newMember = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  email: Type.String({ maxLength: 254 }),
  role: roleWord,
})
export type NewMember = Static<typeof newMember>
/** Answer of POST team and POST team/:id/password: the password is shown this once. */
export const memberWithPassword = Type.Object({ person: member, initial_password: Type.String() })
export type MemberWithPassword = Static<typeof memberWithPassword>
/** PATCH team/:id (owner); 409 `last_owner` */
export const memberChange = Type.Object({ role: Type.Optional(roleWord), active: Type.Optional(Type.Boolean()) })
export type MemberChange = Static<typeof memberChange>
/** Answer of PATCH team/:id */
export const memberBody = Type.Object({ person: member })
/** POST me/password; ends every other session */
export const passwordChange = Type.Object({
  current_password: Type.String({ maxLength: 128 }),
  new_password: Type.String({ minLength: 12, maxLength: 128 }),
})
export type PasswordChange = Static<typeof passwordChange>

/** GET audit?cursor (owner) */
export const auditBody = Type.Object({
  entries: Type.Array(
    Type.Object({
      id: Type.String(),
      at: timeText,
      /** E-mail of the person. */
      person: Type.String(),
      action: Type.String(),
      detail: Type.Unknown(),
      ip: orNull(Type.String()),
    }),
  ),
  cursor: cursorText,
})
export type Audit = Static<typeof auditBody>
