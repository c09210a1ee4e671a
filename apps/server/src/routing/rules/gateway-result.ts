/** What an attempt says about the health of its gateway. Cascading rules, table of section 11. */

export type AttemptChange = {
  /** Status of the attempt before and after the news. */
  readonly from: string
  readonly to: string
  /** Class of the decline, when it is one. */
  readonly class: string | null
  /** The codes say that our account at the provider is set up wrongly. */
  readonly set_up_wrong: boolean
  readonly test_mode: boolean
  /** The process that called is the one that reports. `false`: the caller died, or the news came later. */
  readonly running: boolean
  /** A look-up was made and not answered. */
  readonly lookup_failed: boolean
}

/**
 * `healthy`, `failure`; `lookup_failure` counts once per payment and minute; `misconfigured` = the gateway is set aside;
 * `none` is not counted. Declines of a test gateway are what its test data asked for, so they say nothing bad about it.
 */
export type GatewayResult = 'healthy' | 'failure' | 'lookup_failure' | 'misconfigured' | 'none'

export function gatewayResult(change: AttemptChange): GatewayResult {
  const { from, to } = change
  if (from === to) return change.lookup_failed ? 'lookup_failure' : 'none'
  switch (to) {
    case 'approved':
    case 'incomplete':
      return 'healthy'
    case 'declined':
      return resultOfDecline(change)
    case 'not_sent':
      // What was unknown was counted then; that it never arrived makes it no second failure.
      return from === 'sent' ? 'failure' : 'none'
    case 'unknown':
    case 'orphaned':
      // Our own crash says nothing about the gateway.
      return from === 'sent' && !change.running ? 'none' : 'failure'
    default:
      return 'none'
  }
}

function resultOfDecline({ class: name, set_up_wrong, test_mode }: AttemptChange): GatewayResult {
  if (set_up_wrong && name === 'gateway_rejected') return test_mode ? 'none' : 'misconfigured'
  return name === 'acquirer_technical' && !test_mode ? 'failure' : 'healthy'
}
