/** Appeals against the provider's payments: list, read, accept, reject, write, fetch files. Cascade API, sections 11 and 16. */
import { parseAmount } from '@cascad/money'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { acceptAppeal } from '../appeals/accept-appeal.ts'
import { addMessage } from '../appeals/add-message.ts'
import type { Appeal, SentFile } from '../appeals/appeal.ts'
import { findAppealOfProvider, listAppealsOfProvider, readThread } from '../appeals/find-appeal.ts'
import type { Moved, MoveRefusal, Performer } from '../appeals/move-appeal.ts'
import { readReceipt } from '../appeals/read-receipt.ts'
import { fieldFault } from '../appeals/refusal-texts.ts'
import { rejectAppeal } from '../appeals/reject-appeal.ts'
import { contentTypes } from '../appeals/rules/file-type.ts'
import { findProviderPayment } from '../cascades/find-provider-payment.ts'
import { findSettlement } from '../cascades/find-settlement.ts'
import type { Context } from '../context.ts'
import { appealDetailOf, appealRowOf } from './appeal-document.ts'
import {
  type AppealDetail,
  type Appeals,
  appealBody,
  appealMessage,
  appealRejection,
  appealStates,
  appealsBody,
} from './appeal-documents.ts'
import { type AuditDetail, auditIfMoved } from './audit-table.ts'
import { exponents } from './payment-routes.ts'
import { conflict, invalidFields, notFound, type ProviderProblem } from './provider-problem.ts'
import { type ProviderCall, ProviderFile, providerRoute } from './provider-route.ts'
import { cursorQuery, limitOf, limitQuery } from './query-values.ts'

/** A file of 10 MiB in base64, and what is around it. */
const body_bytes_max = 15 * 1_048_576
const stateQuery = Type.Union([Type.Literal('open'), ...appealStates.map((state) => Type.Literal(state))], {
  description: '`open` = those that are not closed, the nearest deadline first; else the newest first',
})

export function appealRoutes(app: FastifyInstance, ctx: Context): void {
  readingRoutes(app, ctx)
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/appeals/:id/accept',
    role: 'trading',
    summary: 'Agree that the payer has paid so much: the balance is settled at once',
    action: 'appeal.accept',
    reply: appealBody,
    handle: (call) => act(ctx, call, (appeal, actor) => acceptAppeal(ctx, appeal, actor)),
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/appeals/:id/reject',
    role: 'trading',
    summary: 'Refuse, with reason and evidence',
    action: 'appeal.reject',
    body: appealRejection,
    body_bytes_max,
    reply: appealBody,
    async handle(call) {
      const { reason, text = '', amount_seen, evidence } = call.body
      const exponentOf = await exponents(ctx)
      const move = (appeal: Appeal, actor: Performer) =>
        rejectAppeal(ctx, appeal, actor, {
          reason,
          text,
          amount_seen_minor: amount_seen === undefined ? null : amountOf(amount_seen, exponentOf(appeal.currency)),
          evidence: fileOf(evidence, 'evidence'),
        })
      return act(ctx, call, move, { reason })
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/appeals/:id/messages',
    role: 'trading',
    summary: 'Write to the opener and the operator',
    action: 'appeal.message',
    body: appealMessage,
    body_bytes_max,
    reply: appealBody,
    handle: (call) =>
      act(ctx, call, (appeal, actor) => {
        const files = (call.body.files ?? []).map((file) => fileOf(file, 'files'))
        return addMessage(ctx, appeal, actor, { text: call.body.text, internal: false, files })
      }),
  })
}

function readingRoutes(app: FastifyInstance, ctx: Context): void {
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/appeals',
    role: 'viewer',
    summary: 'Appeals',
    query: { state: stateQuery, cursor: cursorQuery, limit: limitQuery },
    reply: appealsBody,
    handle: (call) => list(ctx, call),
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/appeals/:id',
    role: 'viewer',
    summary: 'One appeal with everything that was said',
    reply: appealBody,
    handle: async (call) => detail(ctx, call, await own(ctx, call)),
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/appeals/:id/files/:receipt_id',
    role: 'viewer',
    summary: 'A receipt or a piece of evidence',
    reply: { file: 'application/pdf' },
    async handle(call) {
      const appeal = await own(ctx, call)
      const { receipt_id = '' } = call.params
      const file = await readReceipt(ctx, receipt_id, { way: 'desk', appeal, ip: call.request.ip, reader: 'provider' })
      if (!file) throw notFound()
      return new ProviderFile(contentTypes[file.type], file.bytes, {
        'content-disposition': `inline; filename="${receipt_id}.${file.type}"`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
        'content-security-policy': "default-src 'none'; sandbox",
      })
    },
  })
}

async function list(ctx: Context, { provider, test_mode, query }: ProviderCall): Promise<Appeals> {
  const limit = limitOf(query)
  const after =
    query.cursor === undefined
      ? null
      : await findAppealOfProvider(ctx.sql, { provider_id: provider.id, id: query.cursor })
  if (query.cursor !== undefined && !after) throw invalidFields({ cursor: 'is none of this list' })
  const state = (query.state ?? null) as (typeof appealStates)[number] | 'open' | null
  const page = { provider_id: provider.id, test_mode, state, after, limit: limit + 1 }
  const [rows, exponentOf] = await Promise.all([listAppealsOfProvider(ctx.sql, page), exponents(ctx)])
  const shown = rows.slice(0, limit)
  const cursor = rows.length > limit ? (shown.at(-1)?.id ?? null) : null
  return { appeals: shown.map((row) => appealRowOf(row, exponentOf)), cursor }
}

async function own(ctx: Context, { provider, params }: ProviderCall): Promise<Appeal> {
  const appeal = await findAppealOfProvider(ctx.sql, { provider_id: provider.id, id: params.id ?? '' })
  if (!appeal) throw notFound()
  return appeal
}

async function detail(ctx: Context, { provider }: ProviderCall, appeal: Appeal): Promise<AppealDetail> {
  const [payment, settlement, said, exponentOf] = await Promise.all([
    findProviderPayment(ctx.sql, appeal.account_id, appeal.attempt_id),
    findSettlement(ctx.sql, appeal),
    readThread(ctx.sql, appeal),
    exponents(ctx),
  ])
  if (!payment) throw notFound()
  const frozen_minor = settlement?.appeal_id === appeal.id ? settlement.frozen_minor : 0n
  return appealDetailOf({ appeal, payment, frozen_minor, said, now: ctx.now() }, provider, exponentOf)
}

async function act(
  ctx: Context,
  call: ProviderCall,
  move: (appeal: Appeal, actor: Performer) => Promise<Moved>,
  detail_: AuditDetail = {},
): Promise<AppealDetail> {
  const actor = {
    side: 'provider',
    name: call.person.email,
    ip: call.request.ip,
    journal: () => auditIfMoved(ctx.sql, call.entry(detail_)),
  } as const
  const moved = await move(await own(ctx, call), actor)
  if (moved.result === 'refused') throw problemOf(moved.why)
  // Asked for once more: there is no change that it could be written with.
  if (moved.result === 'nothing') await call.audit(ctx.sql, detail_)
  return detail(ctx, call, moved.appeal)
}

function problemOf(why: MoveRefusal): ProviderProblem {
  const fault = fieldFault(why, 'receipt')
  if (fault) return invalidFields({ [fault.field === 'receipt' ? 'evidence' : fault.field]: fault.message })
  if (why === 'amount_seen_missing') return invalidFields({ amount_seen: 'must be given' })
  if (why === 'amount_seen_wrong')
    return invalidFields({ amount_seen: 'is to be another amount, above 0 and at most ten times what was asked for' })
  return conflict(why, sentences[why] ?? 'That cannot be done now.')
}

const sentences: Readonly<Partial<Record<MoveRefusal, string>>> = {
  closed: 'The appeal is closed.',
  wrong_state: 'The appeal does not wait for you.',
  too_late: 'The time for your verdict is over: an operator decides.',
}

function amountOf(text: string, exponent: number): bigint {
  const minor = parseAmount(text, exponent)
  if (typeof minor !== 'bigint') throw invalidFields({ amount_seen: `is no amount with ${exponent} decimals` })
  if (minor >= 10n ** 18n) throw invalidFields({ amount_seen: 'is too large' })
  return minor
}

function fileOf({ name, content_base64 }: { name: string; content_base64: string }, field: string): SentFile {
  const text = content_base64.replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw invalidFields({ [field]: 'is not base64' })
  return { name, bytes: Buffer.from(text, 'base64') }
}
