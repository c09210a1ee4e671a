/** Builds everything once, in order, top to bottom. What a use case needs, it gets from here as its first argument. */

import { fileURLToPath } from 'node:url'
import type { Connector } from '@cascad/connector'
import type { Config } from './config.ts'
import { connect, type Sql } from './database/connect.ts'
import { createSecrets, type Secrets } from './database/secrets.ts'
import { createEvents, type Events } from './events.ts'
import { createSender, type Sender } from './http/send.ts'
import type { Face } from './payments/face.ts'
import type { PaymentSource } from './payments/payment.ts'
import { loadConnectors } from './routing/load-connectors.ts'

export type Context = {
  readonly config: Config
  readonly events: Events
  readonly sql: Sql
  readonly secrets: Secrets
  /** Outgoing HTTP with the platform's limits. */
  readonly sender: Sender
  readonly connectors: ReadonlyMap<string, Connector>
  /** APIs beside the merchant API that payments come in by, and that tell their merchants in their own way. */
  readonly faces: ReadonlyMap<PaymentSource, Face>
  /** The clock; tests hand in their own. */
  readonly now: () => Date
  readonly close: () => Promise<void>
}

export type ContextParts = {
  readonly config: Config
  readonly database_url: string
  readonly secret_key: Buffer
  /** Left out = none: fine for whatever never changes a payment. */
  readonly faces?: Context['faces']
  readonly now?: () => Date
}

/** Opens the pool and loads the connectors; nothing runs yet. */
export async function createContext(parts: ContextParts): Promise<Context> {
  const { config } = parts
  const events = createEvents(config)
  const sql = connect(parts.database_url, {
    connections_max: config.database_connections,
    application_name: `cascad-${config.role}`,
  })
  const secrets = createSecrets(parts.secret_key)
  const sender = createSender({ allow_private_targets: config.allow_private_targets })
  const connectors = await loadConnectors(fileURLToPath(new URL('../../../connectors', import.meta.url)))
  return {
    config,
    events,
    sql,
    secrets,
    sender,
    connectors,
    faces: parts.faces ?? new Map(),
    now: parts.now ?? (() => new Date()),
    async close() {
      await sender.close()
      await sql.end({ timeout: 5 })
    },
  }
}
