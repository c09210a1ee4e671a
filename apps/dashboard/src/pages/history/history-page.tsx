import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { PaymentRow, Payments } from '../../../../server/src/provider-api/documents.ts'
import { modeQuery } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { Amount } from '../../parts/amount.tsx'
import { StateBadge } from '../../parts/badge.tsx'
import { CopyButton } from '../../parts/copy-text.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { periodQuery } from '../../parts/days.ts'
import { Downloads } from '../../parts/downloads.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Moment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { Page } from '../../parts/page.tsx'
import { useMode } from '../../shell/mode.ts'
import { type Translate, useLanguage } from '../../texts/language.tsx'
import { HistoryFilters } from './history-filters.tsx'

export type HistorySearch = Partial<
  Record<'from' | 'to' | 'state' | 'method' | 'amount' | 'id' | 'flag', string | undefined>
>

const refresh_ms = 15_000

export function HistoryPage() {
  const { t, word } = useLanguage()
  const mode = useMode()
  const { mode: _, ...search } = useSearch({ from: '/shell/history' })
  const navigate = useNavigate()
  const { from, to, ...others } = search
  const filters = { ...modeQuery(mode), ...periodQuery({ from, to }), ...others }
  const payments = usePages<Payments>(['payments'], '/payments', filters, refresh_ms)
  const change = (next: HistorySearch): void =>
    void navigate({ to: '/history', search: (now) => ({ ...now, ...next }), replace: true, resetScroll: false })
  const isFiltered = Object.values(search).some((value) => value !== undefined)
  const clear = {
    from: undefined,
    to: undefined,
    state: undefined,
    method: undefined,
    amount: undefined,
    id: undefined,
  }
  return (
    <Page title={t('history.title')} actions={<Downloads path="/payments" name={`payments-${mode}`} query={filters} />}>
      <HistoryFilters
        search={search}
        onChange={change}
        onClear={isFiltered ? () => change({ ...clear, flag: undefined }) : null}
      />
      <Loaded query={payments} lines={12}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.payments)
          if (rows.length === 0) return <NoPayments isFiltered={isFiltered} />
          return (
            <>
              <DataTable
                label={t('history.title')}
                rows={rows}
                rowKey={({ attempt_id }) => attempt_id}
                columns={columnsOf(t, word)}
              />
              <More query={payments} />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

function NoPayments({ isFiltered }: { readonly isFiltered: boolean }) {
  const { t } = useLanguage()
  const mode = useMode()
  if (isFiltered) return <Empty title={t('history.none_found')}>{t('history.none_found_text')}</Empty>
  return (
    <Empty title={t(mode === 'test' ? 'history.none_test' : 'history.none')}>
      <p>{t('history.none_text')}</p>
      <p>
        <Link to="/no-payments">{t('skips.title')}</Link> · <Link to="/console">{t('console.title')}</Link>
      </p>
    </Empty>
  )
}

function columnsOf(t: Translate, word: (kind: string, code: string) => string): Column<PaymentRow>[] {
  return [
    {
      key: 'requested_at',
      title: t('payment.time'),
      cell: ({ requested_at, expires_at, attempt_id }) => (
        <span className="two-lines">
          <Link to="/history/$attempt_id" params={{ attempt_id }} className="row-link">
            <Moment at={requested_at} seconds />
          </Link>
          {expires_at !== null && (
            <span className="dimmed small">
              {t('payment.until')} <Moment at={expires_at} />
            </span>
          )}
        </span>
      ),
      card: 'title',
    },
    {
      key: 'state',
      title: t('payment.state'),
      cell: ({ state, flags, reason }) => (
        <span className="badges">
          <StateBadge kind="state" code={state} />
          {flags.map((flag) => (
            <StateBadge key={flag} kind="flag" code={flag} />
          ))}
          {state === 'refused' && reason !== null && <span className="dimmed small">{word('refusal', reason)}</span>}
        </span>
      ),
      card: 'side',
    },
    {
      key: 'amount',
      title: t('payment.amount'),
      cell: (row) => (
        <span className="two-lines" data-end>
          <Amount value={row.amount} currency={row.currency} />
          <span className="dimmed small one-line">
            <Amount value={row.settlement_amount} currency={row.settlement_currency} /> {t('payment.at')}{' '}
            <Amount value={row.rate} />
          </span>
        </span>
      ),
      end: true,
    },
    {
      key: 'method',
      title: t('payment.requisites'),
      cell: (row) => <Requisites row={row} />,
    },
    {
      key: 'ids',
      title: t('payment.ids'),
      cell: (row) => <Ids row={row} />,
    },
  ]
}

function Requisites({ row }: { readonly row: PaymentRow }) {
  const { word } = useLanguage()
  const { method, bank, number } = row
  return (
    <span className="two-lines">
      <span>
        {word('method', method)}
        {bank !== null && (
          <>
            {' · '}
            <span className="clip" title={bank}>
              {bank}
            </span>
          </>
        )}
      </span>
      {number !== null && <code className="dimmed small">{number}</code>}
    </span>
  )
}

function Ids({ row: { attempt_id, provider_reference } }: { readonly row: PaymentRow }) {
  const { t } = useLanguage()
  return (
    <span className="two-lines ids">
      {provider_reference !== null && (
        <span className="copy-text">
          <code className="clip" title={provider_reference}>
            {provider_reference}
          </code>
          <CopyButton value={provider_reference} of={t('payment.your_id')} />
        </span>
      )}
      <span className="copy-text">
        <code className="dimmed small nowrap">{attempt_id}</code>
        <CopyButton value={attempt_id} of={t('payment.our_id')} />
      </span>
    </span>
  )
}
