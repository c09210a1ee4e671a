/** Signals and cards that the tests of declines share. */
import type { DeclineSignals } from '@cascad/connector'

export const none: DeclineSignals = {
  resolution: null,
  unified_code: null,
  network_code: null,
  advice_code: null,
  provider_code: null,
  provider_text: null,
}
export const visa = { brand: 'visa' }
export const mastercard = { brand: 'mastercard' }
