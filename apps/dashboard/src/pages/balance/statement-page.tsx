import { Button, NativeSelect, SegmentedControl } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Statement } from '../../../../server/src/provider-api/documents.ts'
import { compareDecimals } from '../../amounts/decimal.ts'
import { modeQuery } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { Amount, amountText } from '../../parts/amount.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { periodQuery } from '../../parts/days.ts'
import { Downloads } from '../../parts/downloads.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Moment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { Page } from '../../parts/page.tsx'
import { PeriodFilter } from '../../parts/period-filter.tsx'
import { useMe } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { type Translate, useLanguage } from '../../texts/language.tsx'
import { BalanceLine } from './balance-line.tsx'
import { BalanceTabs } from './balance-tabs.tsx'
import { StatementDays } from './statement-days.tsx'

type Line = Statement['lines'][number]

const kinds = [
  'top_up',
  'provider_hold',
  'provider_release',
  'provider_debit',
  'provider_late_debit',
  'appeal_freeze',
  'appeal_unfreeze',
  'appeal_reversal',
  'appeal_debit',
  'withdrawal_hold',
  'withdrawal_paid',
  'withdrawal_returned',
  'correction_credit',
  'correction_debit',
]
const refresh_ms = 20_000

export function StatementPage() {
  const { t, word } = useLanguage()
  const mode = useMode()
  const search = useSearch({ from: '/shell/balance' })
  const navigate = useNavigate()
  const [view, setView] = useState<'lines' | 'days'>('lines')
  const period = periodQuery(search)
  const filters = { ...modeQuery(mode), ...period, kind: search.kind }
  const change = (next: { from?: string | undefined; to?: string | undefined; kind?: string | undefined }): void =>
    void navigate({ to: '/balance', search: (now) => ({ ...now, ...next }), replace: true, resetScroll: false })
  const isFiltered = [search.from, search.to, search.kind].some((value) => value !== undefined)
  return (
    <Page
      title={t('balance.title')}
      actions={<Downloads path="/statement" name={`statement-${mode}`} query={filters} />}
    >
      <BalanceTabs />
      <BalanceLine />
      <search className="filters">
        <PeriodFilter days={search} onChange={change} />
        <NativeSelect
          size="sm"
          label={t('statement.kind')}
          value={search.kind ?? ''}
          disabled={view === 'days'}
          onChange={(event) => change({ kind: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: t('filter.any') },
            ...kinds.map((value) => ({ value, label: word('kind', value) })),
          ]}
        />
        <SegmentedControl
          size="sm"
          aria-label={t('statement.view')}
          value={view}
          onChange={(value) => setView(value === 'days' ? 'days' : 'lines')}
          data={[
            { value: 'lines', label: t('statement.lines') },
            { value: 'days', label: t('statement.days') },
          ]}
        />
        {isFiltered && (
          <Button
            size="sm"
            variant="subtle"
            onClick={() => change({ from: undefined, to: undefined, kind: undefined })}
          >
            {t('filter.clear')}
          </Button>
        )}
      </search>
      {view === 'days' ? <StatementDays period={period} /> : <Lines filters={filters} isFiltered={isFiltered} />}
    </Page>
  )
}

type Filters = Readonly<Record<string, string | undefined>>

function Lines({ filters, isFiltered }: { readonly filters: Filters; readonly isFiltered: boolean }) {
  const { t } = useLanguage()
  const { settlement_currency } = useMe().provider
  const statement = usePages<Statement>(['statement'], '/statement', filters, refresh_ms)
  return (
    <Loaded query={statement} lines={12}>
      {({ pages }) => {
        const lines = pages.flatMap((page) => page.lines)
        if (lines.length === 0) {
          return isFiltered ? (
            <Empty title={t('statement.none_found')}>{t('history.none_found_text')}</Empty>
          ) : (
            <Empty title={t('statement.none')}>
              {t('statement.none_text')} <Link to="/balance/top-ups">{t('level.top_up')}</Link>
            </Empty>
          )
        }
        return (
          <>
            <DataTable
              label={t('statement.title')}
              rows={lines}
              rowKey={({ id }) => id}
              columns={columnsOf(t, settlement_currency)}
            />
            <More query={statement} />
          </>
        )
      }}
    </Loaded>
  )
}

function columnsOf(t: Translate, currency: string): Column<Line>[] {
  return [
    { key: 'at', title: t('payment.time'), cell: ({ at }) => <Moment at={at} seconds />, card: 'title' },
    { key: 'kind', title: t('statement.kind'), cell: (line) => <Kind of={line} /> },
    {
      key: 'change',
      title: t('statement.change', { currency }),
      cell: ({ change }) => <Amount value={change} signed />,
      end: true,
      card: 'side',
    },
    {
      key: 'before',
      title: t('statement.before'),
      cell: ({ available_before }) => <Amount value={available_before} />,
      end: true,
    },
    {
      key: 'after',
      title: t('statement.after'),
      cell: ({ available_after }) => <Amount value={available_after} />,
      end: true,
    },
    { key: 'subject', title: t('statement.subject'), cell: (line) => <Subject of={line} /> },
  ]
}

/** A debit of what was held changes nothing that is available: then the amount stands here. */
function Kind({ of: { kind, amount, change } }: { readonly of: Line }) {
  const { t, word, language } = useLanguage()
  return (
    <span className="two-lines">
      {word('kind', kind)}
      {compareDecimals(change, '0') === 0 && (
        <span className="dimmed small">{t('statement.from_hold', { amount: amountText(amount, language, 0) })}</span>
      )}
    </span>
  )
}

/** What the booking is about: a payment, an appeal, a top-up or a withdrawal. */
function Subject({ of: { attempt_id, reference } }: { readonly of: Line }) {
  return (
    <span className="two-lines ids">
      {attempt_id !== null && (
        <Link to="/history/$attempt_id" params={{ attempt_id }}>
          <code>{attempt_id}</code>
        </Link>
      )}
      {reference !== null &&
        (reference.startsWith('apl_') ? (
          <Link to="/appeals/$appeal_id" params={{ appeal_id: reference }}>
            <code>{reference}</code>
          </Link>
        ) : (
          <code className="dimmed small">{reference}</code>
        ))}
    </span>
  )
}
