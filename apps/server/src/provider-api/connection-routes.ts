/** The endpoints of a provider: what is agreed about each, where it is and by which key. */

import { formatFixed, parseAmount } from '@cascad/money'
import type { FastifyInstance } from 'fastify'
import { listConnections } from '../cascades/list-connections.ts'
import { type OwnConnection, readConnection } from '../cascades/read-connection.ts'
import { saveAlert } from '../cascades/save-alert.ts'
import { saveConnection } from '../cascades/save-connection.ts'
import { dropPending, saveCredentials } from '../cascades/save-credentials.ts'
import type { Context } from '../context.ts'
import {
  type AlertChange,
  alertChange,
  type Connection,
  type Connections,
  type CredentialsChange,
  type CredentialsResult,
  connection,
  connectionChange,
  connectionsBody,
  credentialsBody,
  credentialsChange,
} from './connection-documents.ts'
import { connectionDocument } from './connection-views.ts'
import { findOwnConnection } from './find-own-connection.ts'
import { conflict, invalidFields, notFound } from './provider-problem.ts'
import { type ProviderCall, providerRoute } from './provider-route.ts'

export function connectionRoutes(app: FastifyInstance, ctx: Context): void {
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/connections',
    role: 'viewer',
    summary: 'The endpoints of the provider in one mode, with what is agreed about each',
    reply: connectionsBody,
    async handle({ provider, test_mode }): Promise<Connections> {
      const connections = await listConnections(ctx, provider.id, test_mode)
      return { connections: connections.map(connectionDocument) }
    },
  })
  providerRoute(app, ctx, {
    method: 'PUT',
    path: '/connections/:gateway_id',
    role: 'owner',
    summary: 'Save settings of an endpoint',
    action: 'connection.change',
    body: connectionChange,
    reply: connection,
    async handle(call): Promise<Connection> {
      const own = await findOwnConnection(ctx, call)
      const { event_form, ...wish } = call.body
      const wrong = await saveConnection(ctx, own, wish, async (tx) => {
        if (event_form !== undefined) await save({ ...ctx, sql: tx }, own, { event_form }, call.person.email)
        await call.audit(tx, { changed: Object.keys(call.body) })
      })
      if (wrong) throw invalidFields(wrong)
      return await documentOf(ctx, own)
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/connections/:gateway_id/credentials',
    role: 'owner',
    summary: 'Give another endpoint or key, used once a test of it has passed',
    action: 'connection.credentials',
    body: credentialsChange,
    reply: credentialsBody,
    handle: (call) => changeCredentials(ctx, call),
  })
  providerRoute(app, ctx, {
    method: 'PUT',
    path: '/alerts',
    role: 'owner',
    summary: 'Below what balance to be told',
    action: 'alerts.change',
    body: alertChange,
    reply: alertChange,
    async handle({ provider, body, commit }): Promise<AlertChange> {
      const { settlement_scale: scale } = provider
      const minor = parseAmount(body.low_balance_alert, scale)
      if (typeof minor !== 'bigint' || minor < 0n || body.low_balance_alert.length > 16)
        throw invalidFields({ low_balance_alert: `must be an amount with at most ${scale} decimals` })
      const detailOf = () => ({ low_balance_alert: body.low_balance_alert })
      await commit((tx) => saveAlert({ ...ctx, sql: tx }, provider, minor), detailOf)
      return { low_balance_alert: formatFixed(minor, scale) }
    },
  })
}

async function changeCredentials(ctx: Context, call: ProviderCall<CredentialsChange>): Promise<CredentialsResult> {
  const own = await findOwnConnection(ctx, call)
  const { drop, ...wish } = call.body
  const { email } = call.person
  // Which were changed, and never to what: an address may carry a secret as well.
  const detailOf = () => ({ changed: Object.keys(call.body) })
  if (drop === true) {
    if (Object.keys(wish).length > 0) throw invalidFields({ drop: 'goes with nothing else' })
    await call.commit((tx) => dropPending({ ...ctx, sql: tx }, own, email), detailOf)
    return { connection: await documentOf(ctx, own), api_key: null }
  }
  if (Object.keys(wish).length === 0) throw invalidFields({ endpoint_url: 'must be given, or a key' })
  const api_key = await call.commit((tx) => save({ ...ctx, sql: tx }, own, wish, email), detailOf)
  return { connection: await documentOf(ctx, own), api_key }
}

/** The key that was made for it. */
async function save(
  ctx: Parameters<typeof saveCredentials>[0],
  own: OwnConnection,
  wish: Parameters<typeof saveCredentials>[2],
  by: string,
): Promise<string | null> {
  const saved = await saveCredentials(ctx, own, wish, by)
  if (saved.type === 'invalid') throw invalidFields(saved.fields)
  if (saved.type === 'changed_meanwhile')
    throw conflict('changed_meanwhile', 'Somebody else has saved other settings just now. Look again.')
  return saved.api_key
}

async function documentOf(ctx: Context, { row }: OwnConnection): Promise<Connection> {
  const view = await readConnection(ctx, row.provider_id, row.gateway_id)
  if (!view) throw notFound()
  return connectionDocument(view)
}
