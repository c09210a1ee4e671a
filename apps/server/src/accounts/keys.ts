/** The keys of an account, in plain text: only in the hands of who makes them. Forms: merchant API contract, 2.1. */
import { randomBytes } from 'node:crypto'

export type ModeKeys = { readonly public_key: string; readonly private_key: string }

export type AccountKeys = { readonly api_key: string; readonly live: ModeKeys; readonly test: ModeKeys }

/** 43 base64url characters: 256 bits of randomness. */
const secretText = (): string => randomBytes(32).toString('base64url')

export const newApiKey = secretText

export function newModeKeys(test_mode: boolean): ModeKeys {
  const mode = test_mode ? 'test' : 'live'
  return { public_key: `pk_${mode}_${secretText()}`, private_key: `sk_${mode}_${secretText()}` }
}

export function newKeys(): AccountKeys {
  return { api_key: newApiKey(), live: newModeKeys(false), test: newModeKeys(true) }
}
