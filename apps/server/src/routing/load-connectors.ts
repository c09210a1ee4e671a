/** Finds the connectors: one folder each, its `index.ts` exporting one value. Nothing else in the server names a connector. */

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Connector } from '@cascad/connector'

const chargeOperations: ReadonlySet<string> = new Set(['charge', 'verify', 'authorize'])

/** Connectors that may not be used, each with everything that is wrong with it. */
export class ConnectorFaults extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`${faults.length === 1 ? 'A connector is' : 'Connectors are'} not usable:\n  - ${faults.join('\n  - ')}`)
    this.name = 'ConnectorFaults'
    this.faults = faults
  }
}

/**
 * Imports every subfolder of `folder` that has an `index.ts` and returns the connectors by id.
 * Throws one ConnectorFaults naming every mistake of every connector.
 */
export async function loadConnectors(folder: string): Promise<ReadonlyMap<string, Connector>> {
  const connectors = new Map<string, Connector>()
  const faults: string[] = []
  for (const name of await connectorFolders(folder)) {
    const place = `connectors/${name}/index.ts`
    let exported: Record<string, unknown>
    try {
      exported = (await import(pathToFileURL(join(folder, name, 'index.ts')).href)) as Record<string, unknown>
    } catch (error) {
      faults.push(`${place} could not be imported: ${error instanceof Error ? error.message : String(error)}`)
      continue
    }
    const value = exported.default ?? exported.connector
    const mistakes = checkConnector(value, name)
    if (mistakes.length === 0) connectors.set(name, value as Connector)
    for (const mistake of mistakes) faults.push(`${place}: ${mistake}`)
  }
  if (faults.length > 0) throw new ConnectorFaults(faults)
  return connectors
}

async function connectorFolders(folder: string): Promise<string[]> {
  let entries: string[]
  try {
    entries = await readdir(folder)
  } catch {
    throw new ConnectorFaults([`The folder ${folder} cannot be read: it holds one folder per connector.`])
  }
  const found: string[] = []
  for (const name of entries.sort()) {
    if (name.startsWith('.') || name.startsWith('_')) continue
    const index = await stat(join(folder, name, 'index.ts')).catch(() => null)
    if (index?.isFile()) found.push(name)
  }
  return found
}

/** Says what is wrong with an exported value as a connector of that folder; an empty list = nothing. */
export function checkConnector(value: unknown, folder_name: string): string[] {
  if (!isRecord(value)) return ['exports no connector; export one as `default` or as `connector`.']
  const mistakes: string[] = []
  if (value.id !== folder_name) {
    mistakes.push(`id is ${JSON.stringify(value.id)}, it must be the folder's name "${folder_name}".`)
  }
  if (!/^[a-z][a-z0-9_-]{0,39}$/.test(folder_name)) {
    mistakes.push('the folder name must be lower case letters, digits, "-" or "_", at most 40, a letter first.')
  }
  if (typeof value.title !== 'string' || value.title.trim() === '') mistakes.push('title is missing.')
  if (!isRecord(value.credentials) || value.credentials.type !== 'object') {
    mistakes.push('credentials must be a TypeBox object schema (an empty one when the provider needs none).')
  }
  if (typeof value.charge !== 'function') mistakes.push('the operation charge is missing.')
  for (const operation of ['status', 'refund', 'refundStatus', 'void', 'readEvent']) {
    if (value[operation] !== undefined && typeof value[operation] !== 'function') {
      mistakes.push(`${operation} is not a function; leave it out when the provider cannot do it.`)
    }
  }
  mistakes.push(...checkCapabilities(value))
  return mistakes
}

function checkCapabilities(connector: Record<string, unknown>): string[] {
  const can = connector.can
  if (!isRecord(can)) return ['can (the capabilities) is missing.']
  const mistakes: string[] = []
  if (!isTextList(can.methods)) mistakes.push('can.methods must list at least one payment method.')
  if (can.currencies !== 'all' && !isTextList(can.currencies)) {
    mistakes.push('can.currencies must be "all" or list at least one currency code.')
  }
  const operations = can.operations
  if (!isTextList(operations) || operations.some((name) => !chargeOperations.has(name))) {
    mistakes.push('can.operations must list some of "charge", "verify" and "authorize".')
  }
  const needs = [
    ['lookup_by_reference', 'status'],
    ['lookup_authoritative', 'status'],
    ['refund', 'refund'],
    ['partial_refund', 'refund'],
    ['void_by_reference', 'void'],
    ['notifications', 'readEvent'],
  ] as const
  for (const [capability, operation] of needs) {
    if (can[capability] === true && typeof connector[operation] !== 'function') {
      mistakes.push(`can.${capability} is declared, but the operation ${operation} is missing.`)
    }
  }
  if (can.settle_delay_s !== undefined && !(Number.isInteger(can.settle_delay_s) && Number(can.settle_delay_s) >= 0)) {
    mistakes.push('can.settle_delay_s must be a whole number of seconds.')
  }
  return mistakes
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string' && item !== '')
}
