/** Overview, conversions, and why payments went elsewhere. */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { countOpenAppeals } from '../appeals/find-appeal.ts'
import {
  type ConversionFigures,
  readProviderFigures,
  readProviderStatistics,
  type Split,
  splits,
} from '../cascades/provider-statistics.ts'
import { readConnectionHealth } from '../cascades/read-connection-health.ts'
import { readSkips } from '../cascades/read-skips.ts'
import type { Context } from '../context.ts'
import { type Skips, type Statistics, skipsBody, statisticsBody } from './balance-documents.ts'
import { balanceOf } from './balance-routes.ts'
import { type Figures, type Overview, overviewBody } from './documents.ts'
import { timeOrNull } from './payment-document.ts'
import { invalidFields } from './provider-problem.ts'
import { type ProviderCall, providerRoute } from './provider-route.ts'
import { periodOf, periodQuery } from './query-values.ts'

const windows_s = { '1h': 3_600, '24h': 86_400, '7d': 7 * 86_400, '30d': 30 * 86_400 } as const
const days_max = 92

export function statisticsRoutes(app: FastifyInstance, ctx: Context): void {
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/overview',
    role: 'viewer',
    summary: 'How things stand now',
    reply: overviewBody,
    handle: ({ provider, test_mode }) => overviewOf(ctx, provider, test_mode),
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/statistics',
    role: 'viewer',
    summary: 'How often requisites are given and paid; the last 24 hours unless another period is asked for',
    query: {
      window: Type.String({ enum: Object.keys(windows_s), description: 'Ends now' }),
      ...periodQuery,
      split: Type.String({ enum: [...splits] }),
    },
    reply: statisticsBody,
    async handle(call): Promise<Statistics> {
      const period = windowOf(ctx, call.query)
      const split = (call.query.split ?? null) as Split | null
      const { provider, test_mode } = call
      const found = await readProviderStatistics(ctx, { provider_id: provider.id, test_mode, ...period, split })
      return {
        from: period.from.toISOString(),
        to: period.to.toISOString(),
        split,
        all: figuresOf(found.all),
        groups: found.groups.map(({ key, figures }) => ({ key, figures: figuresOf(figures) })),
        step_s: found.step_s,
        series: found.series.map(({ at, ...counts }) => ({ at: at.toISOString(), ...counts })),
      }
    },
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/skips',
    role: 'viewer',
    summary: 'Why payments went elsewhere in the last 24 hours',
    reply: skipsBody,
    handle: (call) => skipsOf(ctx, call),
  })
}

async function overviewOf(ctx: Context, provider: ProviderCall['provider'], test_mode: boolean): Promise<Overview> {
  const now = ctx.now()
  const midnight = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()))
  const period = { provider_id: provider.id, test_mode, from: midnight, to: new Date(now.getTime() + 1) }
  const [balance, today, connections, appeals] = await Promise.all([
    balanceOf(ctx, provider, test_mode),
    readProviderFigures(ctx, period),
    readConnectionHealth(ctx, provider.id, test_mode),
    countOpenAppeals(ctx.sql, { provider_id: provider.id, test_mode }),
  ])
  return {
    balance,
    today: figuresOf(today),
    connections: connections.map(({ misconfigured_at, methods, ...connection }) => ({
      ...connection,
      misconfigured_at: timeOrNull(misconfigured_at),
      methods: methods.map(({ open_until, ...method }) => ({ ...method, open_until: timeOrNull(open_until) })),
    })),
    appeals: { open: appeals.open, next_deadline: timeOrNull(appeals.next_deadline) },
  }
}

function windowOf(ctx: Context, query: Readonly<Record<string, string>>): { readonly from: Date; readonly to: Date } {
  const given = periodOf(query)
  const now = ctx.now()
  // What is still to come would only be a flat line.
  const to = given.to === undefined || given.to > now ? now : given.to
  const window_s = windows_s[(query.window ?? '24h') as keyof typeof windows_s]
  const from = given.from ?? new Date(to.getTime() - window_s * 1000)
  if (from >= to) throw invalidFields({ from: 'is not before the end' })
  if (to.getTime() - from.getTime() > days_max * 86_400_000)
    throw invalidFields({ from: `is more than ${days_max} days before the end` })
  return { from, to }
}

function figuresOf(figures: ConversionFigures): Figures {
  return { ...figures, provisional_until: timeOrNull(figures.provisional_until), refusals: [...figures.refusals] }
}

async function skipsOf(ctx: Context, { provider, test_mode }: ProviderCall): Promise<Skips> {
  const { since, connections, counts } = await readSkips(ctx, provider.id, test_mode)
  const sums = new Map<string, number>()
  for (const { reason, payments } of counts) sums.set(reason, (sums.get(reason) ?? 0) + payments)
  return {
    from: since.toISOString(),
    to: ctx.now().toISOString(),
    reasons: [...sums].sort((a, b) => b[1] - a[1]).map(([reason, payments]) => ({ reason, payments })),
    connections: connections.map(({ gateway_id, name }) => ({
      gateway_id,
      name,
      reasons: counts
        .filter((count) => count.gateway_id === gateway_id)
        .map(({ reason, payments }) => ({ reason, payments })),
    })),
  }
}
