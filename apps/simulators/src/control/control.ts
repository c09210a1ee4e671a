/** The hands on the simulators: used by the control page, by its API, and by tests in the same process. */

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { declinedFor } from '../acquirer/test-cards.ts'
import { childKinds, type LedgerEntry, ledgerEntry, type ProviderName } from '../operations/operation.ts'
import { settleChild } from '../operations/receive-child.ts'
import { settle } from '../operations/settle.ts'
import { type LastMinute, lastMinute } from '../terminals/last-minute.ts'
import { ordinaryScript, patchScript, type Script } from '../terminals/script.ts'
import { createTerminal, gatewayCredentials, giveScript, type ScriptedCharge } from '../terminals/terminal.ts'
import type { SentNotification, World } from '../world.ts'
import { presetOf, presetsOf, scriptOfPreset } from './presets.ts'

export class ScriptError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '))
    this.name = 'ScriptError'
    this.mistakes = mistakes
  }
}

/** An address of its own for the simulators that can be shut, so that connections are refused. */
export type Door = { readonly url: string; readonly shut: () => Promise<void>; readonly open: () => Promise<void> }

export type Control = {
  readonly terminals: () => readonly TerminalView[]
  readonly addTerminal: (name: string, provider: ProviderName) => void
  /** What a gateway of this terminal needs; `url` replaces the simulators' own, for a door. */
  readonly credentials: (name: string, url?: string) => Record<string, string>
  /** Throws ScriptError for an unknown terminal and for every mistake in the patch. */
  readonly setScript: (name: string, patch: Partial<Script>) => Script
  /** Sets the whole script by the name of a preset. Throws ScriptError for an unknown terminal or preset. */
  readonly setPreset: (name: string, preset: string) => Script
  /** Where the provider sends a terminal's notifications, at providers where that is a setting of the account. */
  readonly setWebhook: (name: string, url: string | null) => void
  /** Scripts of single charges of a terminal, told by reference and description; `null` = the terminal's own again. */
  readonly scriptCharges: (name: string, choose: ((charge: ScriptedCharge) => Partial<Script> | null) | null) => void
  readonly ledger: () => LedgerEntry[]
  /** Minor units a payer is out of pocket for under this reference, at all terminals together. */
  readonly taken: (reference: string) => bigint
  /** Minor units still held for captures under this reference. */
  readonly held: (reference: string) => bigint
  /** Decides what waits, a charge, refund, capture or cancel, by our reference. `false` = unknown or decided already. */
  readonly decide: (terminal: string, reference: string, approved: boolean) => boolean
  readonly notifications: () => readonly SentNotification[]
  readonly openDoor: () => Promise<Door>
  /** Forgets all operations and puts every script back. */
  readonly reset: () => void
}

export type TerminalView = {
  readonly name: string
  readonly provider: ProviderName
  readonly received: number
  readonly last_minute: LastMinute
  /** Name of the preset it is in; `null` = set by hand to something else. */
  readonly preset: string | null
  readonly script: Script
}

export function createControl(world: World, url: () => string, listener: RequestListener, doors: Set<Door>): Control {
  const terminalOf = (name: string) => {
    const terminal = world.terminals.get(name)
    if (!terminal) throw new ScriptError([`There is no terminal "${name}".`])
    return terminal
  }
  const sumOf = (reference: string, amount: 'net_amount' | 'held_amount') =>
    world.book
      .all()
      .filter((operation) => operation.reference === reference)
      .reduce((sum, operation) => sum + BigInt(ledgerEntry(operation)[amount]), 0n)
  return {
    terminals: () =>
      [...world.terminals.values()].map((terminal) => ({
        name: terminal.name,
        provider: terminal.provider,
        received: terminal.received,
        last_minute: lastMinute(terminal.arrivals, world.now()),
        preset: presetOf(terminal)?.name ?? null,
        script: terminal.script,
      })),
    addTerminal: (name, provider) => void world.terminals.set(name, createTerminal(name, provider)),
    credentials: (name, at) => gatewayCredentials(at ?? url(), name, terminalOf(name).provider),
    setScript(name, patch) {
      const terminal = terminalOf(name)
      const script = patchScript(terminal.script, patch)
      if ('mistakes' in script) throw new ScriptError(script.mistakes)
      giveScript(terminal, script)
      return script
    },
    setPreset(name, wanted) {
      const terminal = terminalOf(name)
      const preset = presetsOf(terminal.provider).find((one) => one.name === wanted)
      if (!preset) throw new ScriptError([`Terminal "${name}" has no preset "${wanted}".`])
      const script = scriptOfPreset(terminal, preset)
      giveScript(terminal, script)
      return script
    },
    setWebhook(name, url) {
      terminalOf(name).webhook_url = url
    },
    scriptCharges(name, choose) {
      const terminal = terminalOf(name)
      terminal.ownScript =
        choose &&
        ((charge) => {
          const own = choose(charge)
          return own && { ...ordinaryScript, ...own }
        })
    },
    ledger: () => world.book.all().map(ledgerEntry),
    taken: (reference) => sumOf(reference, 'net_amount'),
    held: (reference) => sumOf(reference, 'held_amount'),
    decide: (name, reference, approved) => decide(world, name, reference, approved),
    notifications: () => world.notifications,
    openDoor: async () => {
      const door = await openDoor(listener)
      doors.add(door)
      return door
    },
    reset() {
      world.book.clear()
      for (const terminal of world.terminals.values()) {
        giveScript(terminal, terminal.first_script)
        terminal.received = 0
        terminal.arrivals.length = 0
      }
    },
  }
}

function decide(world: World, name: string, reference: string, approved: boolean): boolean {
  const terminal = world.terminals.get(name)
  if (!terminal) return false
  const operation = world.book.byReference(terminal.provider, name, reference)
  if (operation) return settle(world, operation, approved ? { status: 'approved' } : declinedFor('1011', null))
  return childKinds.some((kind) => {
    const found = world.book.childByReference(kind, terminal.provider, name, reference)
    return found !== null && settleChild(world, found.operation, kind, found.child, approved)
  })
}

async function openDoor(listener: RequestListener): Promise<Door> {
  let server = createServer(listener)
  await listen(0)
  const { port } = server.address() as AddressInfo
  let is_open = true
  async function listen(at: number) {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(at, '127.0.0.1', resolve))
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async shut() {
      if (!is_open) return
      is_open = false
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
    async open() {
      if (is_open) return
      server = createServer(listener)
      await listen(port)
      is_open = true
    },
  }
}
