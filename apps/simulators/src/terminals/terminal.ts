/** Terminals: one per gateway, each with keys and a script of its own. The keys are public on purpose: no money is behind them. */
import type { ProviderName } from '../operations/operation.ts'
import type { Arrival } from './last-minute.ts'
import { createDraw, type Draw } from './random.ts'
import { ordinaryScript, type Script } from './script.ts'

export type ScriptedCharge = { readonly reference: string; readonly description: string | null }

export type Terminal = {
  readonly name: string
  readonly provider: ProviderName
  readonly api_key: string
  readonly webhook_secret: string
  /** Where it sends notifications, at providers where that is a setting of the account; `null` = nowhere. */
  webhook_url: string | null
  readonly first_script: Script
  script: Script
  /** A script of its own for a single charge, `null` = the terminal's. Tests set it: their misbehaviour is drawn by payment. */
  ownScript: ((charge: ScriptedCharge) => Script | null) | null
  draw: Draw
  /** Charges that reached it, repeats included. */
  received: number
  /** Those of the last minute, oldest first. */
  readonly arrivals: Arrival[]
}

const byAmount: Partial<Script> = { decline_by_amount: true }

/** The terminals of the demo world. Those named `live_…` are the same for live payments. */
export const demoTerminals: readonly {
  readonly name: string
  readonly provider: ProviderName
  readonly script?: Partial<Script>
  /** Gateway of the platform whose notifications are set up at the provider. */
  readonly gateway_id?: number
}[] = [
  { name: 'first', provider: 'acquirer', script: byAmount },
  { name: 'second', provider: 'acquirer' },
  { name: 'third', provider: 'acquirer' },
  { name: 'live_first', provider: 'acquirer', script: byAmount },
  { name: 'live_second', provider: 'acquirer' },
  { name: 'live_third', provider: 'acquirer' },
  { name: 'test', provider: 'test' },
  { name: 'redirect', provider: 'redirect' },
  { name: 'live_redirect', provider: 'redirect' },
  { name: 'stripe', provider: 'stripe', gateway_id: 430 },
]

export function createTerminal(name: string, provider: ProviderName, script: Partial<Script> = {}): Terminal {
  const first_script = { ...ordinaryScript, ...script }
  return {
    name,
    provider,
    api_key: `sim_key_${name}`,
    webhook_secret: `sim_webhook_${name}`,
    webhook_url: null,
    first_script,
    script: first_script,
    ownScript: null,
    draw: createDraw(first_script.seed, name),
    received: 0,
    arrivals: [],
  }
}

/** A terminal of the demo world, its notifications set up for the platform at `cascad_url`. */
export function demoTerminal(demo: (typeof demoTerminals)[number], cascad_url: string): Terminal {
  const terminal = createTerminal(demo.name, demo.provider, demo.script)
  if (demo.gateway_id !== undefined) terminal.webhook_url = `${cascad_url}/provider-events/${demo.gateway_id}`
  return terminal
}

/** Sets the script; a new seed starts the random numbers anew. */
export function giveScript(terminal: Terminal, script: Script): void {
  terminal.script = script
  terminal.draw = createDraw(script.seed, terminal.name)
}

/** How the terminal behaves towards this charge and all that follows from it. */
export function scriptOf(terminal: Terminal, charge: ScriptedCharge | null): Script {
  return (charge && terminal.ownScript?.(charge)) ?? terminal.script
}

/** What a gateway of this terminal needs, by the connector of the same name as the provider. */
export function gatewayCredentials(
  simulators_url: string,
  name: string,
  provider: ProviderName,
): Record<string, string> {
  const { api_key, webhook_secret } = createTerminal(name, provider)
  switch (provider) {
    case 'acquirer':
      return { base_url: `${simulators_url}/acquirer`, terminal: name, api_key, webhook_secret }
    case 'redirect':
      return { base_url: `${simulators_url}/redirect`, shop: name, secret: webhook_secret }
    case 'stripe':
      return { base_url: `${simulators_url}/stripe`, secret_key: api_key, webhook_secret }
    default:
      return { base_url: `${simulators_url}/test-provider` }
  }
}
