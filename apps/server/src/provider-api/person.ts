/** People who act for a provider. */

export const roles = ['owner', 'trading', 'finance', 'viewer'] as const
export type Role = (typeof roles)[number]

export type Person = {
  readonly id: string
  readonly provider_id: string
  readonly name: string
  /** Lower case. */
  readonly email: string
  readonly role: Role
  readonly active: boolean
  readonly created_at: Date
}

/** `viewer` is everybody; `trading` and `finance` stand side by side below the owner. */
export function mayAct(role: Role, needed: Role): boolean {
  return role === needed || role === 'owner' || needed === 'viewer'
}

export const password_length_min = 12
export const password_length_max = 128
