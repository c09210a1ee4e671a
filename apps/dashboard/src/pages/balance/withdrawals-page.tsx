import { useQuery } from '@tanstack/react-query'
import type { Destinations, Withdrawal, Withdrawals } from '../../../../server/src/provider-api/balance-documents.ts'
import { callApi, modeQuery } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { Amount } from '../../parts/amount.tsx'
import { StateBadge } from '../../parts/badge.tsx'
import { ConfirmButton } from '../../parts/confirm-button.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { More } from '../../parts/more.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { useMay } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { BalanceLine } from './balance-line.tsx'
import { BalanceTabs } from './balance-tabs.tsx'
import { DestinationsSection } from './destinations-section.tsx'
import { NewWithdrawal } from './new-withdrawal.tsx'
import { OrderedAt } from './ordered-at.tsx'

export function WithdrawalsPage() {
  const { t } = useLanguage()
  const destinations = useQuery({
    queryKey: ['destinations'],
    queryFn: ({ signal }) => callApi<Destinations>('/destinations', { signal }),
  })
  return (
    <Page title={t('balance.title')}>
      <BalanceTabs />
      <BalanceLine />
      <div className="columns" data-narrow-first>
        <div>
          <Section title={t('withdrawal.new')}>
            <Loaded query={destinations}>{(data) => <NewWithdrawal destinations={data.destinations} />}</Loaded>
          </Section>
          <DestinationsSection query={destinations} />
        </div>
        <Orders />
      </div>
    </Page>
  )
}

function Orders() {
  const { t } = useLanguage()
  const mode = useMode()
  const may = useMay('finance')
  const orders = usePages<Withdrawals>(['withdrawals'], '/withdrawals', modeQuery(mode), 20_000)
  return (
    <Section title={t('withdrawal.list')} flush>
      <Loaded query={orders}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.withdrawals)
          if (rows.length === 0) return <Empty title={t('withdrawal.none')}>{t('withdrawal.none_text')}</Empty>
          return (
            <>
              <DataTable
                label={t('withdrawal.list')}
                rows={rows}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: 'at',
                    title: t('payment.time'),
                    cell: ({ created_at, requested_by }) => <OrderedAt at={created_at} by={requested_by} />,
                    card: 'title',
                  },
                  {
                    key: 'status',
                    title: t('payment.state'),
                    cell: (row) => <StateBadge kind="withdrawal" code={row.status} />,
                    card: 'side',
                  },
                  {
                    key: 'amount',
                    title: t('payment.amount'),
                    cell: ({ amount, currency }) => <Amount value={amount} currency={currency} />,
                    end: true,
                  },
                  { key: 'to', title: t('withdrawal.destination'), cell: (row) => <Place of={row} /> },
                  ...(may
                    ? [{ key: 'act', title: t('orders.act'), cell: (row: Withdrawal) => <Cancel of={row} /> }]
                    : []),
                ]}
              />
              <More query={orders} />
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

function Place({ of: { destination_label, note } }: { readonly of: Withdrawal }) {
  return (
    <span className="two-lines">
      <span className="break">{destination_label}</span>
      {note !== null && <span className="dimmed small break">{note}</span>}
    </span>
  )
}

function Cancel({ of: { id, status } }: { readonly of: Withdrawal }) {
  const { t } = useLanguage()
  const mode = useMode()
  if (status !== 'requested') return null
  return (
    <ConfirmButton
      label={t('orders.cancel')}
      question={t('withdrawal.cancel_question')}
      path={`/withdrawals/${encodeURIComponent(id)}/cancel`}
      query={modeQuery(mode)}
      stale={[['withdrawals'], ['balance'], ['overview'], ['statement']]}
      done={t('orders.cancelled')}
    />
  )
}
