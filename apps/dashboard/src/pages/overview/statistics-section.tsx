import { NativeSelect, SegmentedControl } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { lazyRouteComponent, useNavigate, useSearch } from '@tanstack/react-router'
import { Suspense } from 'react'
import type { Statistics } from '../../../../server/src/provider-api/balance-documents.ts'
import { callApi, modeQuery } from '../../api/client.ts'
import { amountText } from '../../parts/amount.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { type Days, daysBack, periodQuery } from '../../parts/days.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded, Waiting } from '../../parts/loaded.tsx'
import { Section } from '../../parts/page.tsx'
import { useCount, useShare } from '../../parts/share.tsx'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { Health } from './health.tsx'
import { RateFigures } from './today-section.tsx'

// The calendar comes only to those who choose days.
const PeriodFilter = lazyRouteComponent(() => import('../../parts/period-filter.tsx'), 'PeriodFilter')
const FlowChart = lazyRouteComponent(() => import('./flow-chart.tsx'), 'FlowChart')

const windows = ['1h', '24h', '7d', '30d', 'custom'] as const
const splits = ['method', 'currency', 'amount_band'] as const

export function StatisticsSection() {
  const { t } = useLanguage()
  const mode = useMode()
  const search = useSearch({ from: '/shell/' })
  const navigate = useNavigate()
  const period = windows.find((one) => one === search.window) ?? '24h'
  const split = splits.find((one) => one === search.split)
  const days = { from: search.from, to: search.to }
  const times = period === 'custom' ? periodQuery(days) : { window: period }
  const statistics = useQuery({
    queryKey: ['statistics', mode, times, split],
    queryFn: ({ signal }) =>
      callApi<Statistics>('/statistics', { query: { ...modeQuery(mode), ...times, split }, signal }),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  })
  const change = (next: Days & { window?: string; split?: string | undefined }): void =>
    void navigate({ to: '/', search: (now) => ({ ...now, ...next }), replace: true, resetScroll: false })
  return (
    <Section
      title={t('statistics.title')}
      aside={
        <div className="inline-controls">
          <SegmentedControl
            size="xs"
            aria-label={t('statistics.window')}
            value={period}
            onChange={(window) =>
              change({ window, ...(window === 'custom' ? daysBack(6) : { from: undefined, to: undefined }) })
            }
            data={windows.map((value) => ({ value, label: t(`window.${value}`) }))}
          />
          <NativeSelect
            size="xs"
            aria-label={t('statistics.split')}
            value={split ?? ''}
            onChange={(event) => change({ split: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: t('statistics.no_split') },
              ...splits.map((value) => ({ value, label: t(`split.${value}`) })),
            ]}
          />
        </div>
      }
    >
      {period === 'custom' && (
        <Suspense fallback={<Waiting lines={1} />}>
          <div className="days">
            <PeriodFilter
              days={days}
              onChange={(chosen) => change(chosen.from === undefined ? { ...chosen, window: '24h' } : chosen)}
            />
          </div>
        </Suspense>
      )}
      <Loaded query={statistics} lines={10}>
        {(data) =>
          data.all.asked === 0 && data.all.issued === 0 ? (
            <Empty title={t('statistics.empty')}>{t('statistics.empty_text')}</Empty>
          ) : (
            <div className="stack">
              <RateFigures of={data.all} label={t('statistics.title')} />
              <Suspense fallback={<Waiting lines={8} />}>
                <FlowChart statistics={data} />
              </Suspense>
              <Health of={data.all} />
              {data.split !== null && data.groups.length > 0 && <Groups statistics={data} />}
            </div>
          )
        }
      </Loaded>
    </Section>
  )
}

/** `RUB 1000.00–4999.99`, as amounts are written. */
function useBand(): (key: string) => string {
  const { language } = useLanguage()
  return (key) => {
    const [, currency, from, to] = /^(\w+) ([\d.]+)–([\d.]+)$/.exec(key) ?? []
    if (from === undefined || to === undefined) return key
    const shown = (amount: string): string => amountText(amount, language, amount.includes('.') ? 2 : 0)
    return `${shown(from)} – ${shown(to)} ${currency}`
  }
}

function Groups({ statistics: { split, groups } }: { readonly statistics: Statistics }) {
  const { t, word } = useLanguage()
  const share = useShare()
  const count = useCount()
  const band = useBand()
  return (
    <DataTable
      label={t('statistics.by_split')}
      rows={groups}
      rowKey={({ key }) => key}
      columns={[
        {
          key: 'key',
          title: split === null ? '' : t(`split.${split}`),
          cell: ({ key }) => (split === 'method' ? word('method', key) : split === 'amount_band' ? band(key) : key),
          card: 'title',
        },
        { key: 'asked', title: t('figures.asked'), cell: ({ figures }) => count(figures.asked), end: true },
        { key: 'given', title: t('figures.given'), cell: ({ figures }) => count(figures.given), end: true },
        {
          key: 'issue_rate',
          title: t('figures.issue_rate'),
          cell: ({ figures }) => share(figures.issue_rate),
          end: true,
        },
        { key: 'paid', title: t('figures.paid'), cell: ({ figures }) => count(figures.paid), end: true },
        {
          key: 'payment_rate',
          title: t('figures.payment_rate'),
          cell: ({ figures }) => share(figures.payment_rate),
          end: true,
        },
        { key: 'refused', title: t('figures.refused'), cell: ({ figures }) => count(figures.refused), end: true },
      ]}
    />
  )
}
