/** The cascade providers of the demo world: simulated desks of traders, with a balance each, a test and a live endpoint. */
export type DemoProvider = {
  readonly id: string
  readonly name: string
  /** Name of the simulated desk. */
  readonly desk: 'volga' | 'neva'
  /** Of both balances at the first start, in major units of the settlement currency. */
  readonly balance: string
  readonly low_balance_alert: string
  readonly test_gateway_id: number
  readonly live_gateway_id: number
  readonly priority: number
}

/** All of them settle in this currency, with so many decimals. */
export const demoSettlement = { currency: 'USDT', scale: 6 } as const

/** The reference rate their payments are reckoned at, and the margin that is their reward: 85.5 roubles for one USDT. */
export const demoRate = { source: 'demo', from: 'USDT', to: 'RUB', rate: '84.6535', margin_percent: '1' } as const

export const demoProviders: readonly DemoProvider[] = [
  {
    id: 'prv_DemoVolgaDesk001',
    name: 'Volga Desk',
    desk: 'volga',
    balance: '2000',
    low_balance_alert: '200',
    test_gateway_id: 441,
    live_gateway_id: 541,
    priority: 30,
  },
  {
    id: 'prv_DemoNevaDesk0002',
    name: 'Neva Desk of the united traders of the northern capital',
    desk: 'neva',
    balance: '5000',
    low_balance_alert: '500',
    test_gateway_id: 442,
    live_gateway_id: 542,
    priority: 20,
  },
]
