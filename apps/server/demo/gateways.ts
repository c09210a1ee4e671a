/**
 * The gateways of the demo world. 4xx take test payments, 5xx live ones; both reach the simulators, no money moves anywhere.
 */
export type DemoGateway = {
  readonly gateway_id: number
  readonly name: string
  readonly connector: 'test' | 'acquirer' | 'redirect' | 'stripe'
  readonly test_mode: boolean
  /** Name of our account at the simulated provider. */
  readonly terminal: string
  readonly merchant_code: string | null
  readonly priority: number
  /** Gateways of one domain are expected to fail together. */
  readonly failure_domain: string
  /** `null` = whatever the connector can. */
  readonly currencies: readonly string[] | null
}

type Given = Omit<DemoGateway, 'currencies' | 'failure_domain' | 'merchant_code'> & Partial<DemoGateway>

const gateway = (given: Given): DemoGateway => ({
  merchant_code: null,
  currencies: null,
  failure_domain: given.terminal,
  ...given,
})

const acquirer = { connector: 'acquirer' } as const
const redirect = { connector: 'redirect' } as const

export const demoGateways: readonly DemoGateway[] = [
  gateway({
    gateway_id: 400,
    name: 'Test Provider',
    connector: 'test',
    test_mode: true,
    terminal: 'test',
    priority: 0,
  }),
  gateway({
    ...acquirer,
    gateway_id: 408,
    name: 'Test gateway A',
    test_mode: true,
    terminal: 'first',
    priority: 30,
    merchant_code: 'host2hostTest',
  }),
  gateway({
    ...acquirer,
    gateway_id: 409,
    name: 'Test gateway B',
    test_mode: true,
    terminal: 'second',
    priority: 20,
    merchant_code: 'secondTest',
  }),
  gateway({
    ...acquirer,
    gateway_id: 410,
    name: 'Test gateway C',
    test_mode: true,
    terminal: 'third',
    priority: 10,
  }),
  gateway({
    ...redirect,
    gateway_id: 420,
    name: 'Wallets and Banks',
    test_mode: true,
    terminal: 'redirect',
    priority: 20,
  }),
  gateway({
    gateway_id: 430,
    name: 'Stripe (simulated)',
    connector: 'stripe',
    test_mode: true,
    terminal: 'stripe',
    priority: 15,
  }),
  gateway({
    ...acquirer,
    gateway_id: 508,
    name: 'First Acquirer',
    test_mode: false,
    terminal: 'live_first',
    priority: 30,
    merchant_code: 'host2host',
  }),
  gateway({
    ...acquirer,
    gateway_id: 509,
    name: 'Second Acquirer',
    test_mode: false,
    terminal: 'live_second',
    priority: 20,
    merchant_code: 'second',
  }),
  gateway({
    ...acquirer,
    gateway_id: 510,
    name: 'Third Acquirer, the last resort',
    test_mode: false,
    terminal: 'live_third',
    priority: 10,
  }),
  gateway({
    ...redirect,
    gateway_id: 520,
    name: 'Wallets and Banks',
    test_mode: false,
    terminal: 'live_redirect',
    priority: 20,
  }),
]
