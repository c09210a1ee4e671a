import { NativeSelect } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Appeals } from '../../../../server/src/provider-api/appeal-documents.ts'
import { modeQuery } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { Amount } from '../../parts/amount.tsx'
import { StateBadge } from '../../parts/badge.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Deadline, Moment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { Page } from '../../parts/page.tsx'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'

const states = ['opened', 'submitted', 'accepted', 'rejected', 'arbitration', 'confirmed', 'cancelled']

export function AppealsPage() {
  const { t, word } = useLanguage()
  const mode = useMode()
  const { state } = useSearch({ from: '/shell/appeals' })
  const navigate = useNavigate()
  const appeals = usePages<Appeals>(['appeals'], '/appeals', { ...modeQuery(mode), state }, 15_000)
  return (
    <Page title={t('appeals.title')} about={t('appeals.about')}>
      <search className="filters">
        <NativeSelect
          size="sm"
          label={t('filter.state')}
          value={state ?? ''}
          onChange={(event) =>
            void navigate({
              to: '/appeals',
              search: (now) => ({ ...now, state: event.currentTarget.value || undefined }),
              replace: true,
            })
          }
          data={[
            { value: '', label: t('filter.any') },
            { value: 'open', label: t('appeals.open') },
            ...states.map((value) => ({ value, label: word('appeal', value) })),
          ]}
        />
      </search>
      <Loaded query={appeals} lines={10}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.appeals)
          if (rows.length === 0) {
            return state === undefined ? (
              <Empty title={t('appeals.none')}>{t('appeals.none_text')}</Empty>
            ) : (
              <Empty title={t('appeals.none_found')}>{t('history.none_found_text')}</Empty>
            )
          }
          return (
            <>
              <DataTable
                label={t('appeals.title')}
                rows={rows}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: 'opened',
                    title: t('appeals.opened'),
                    cell: ({ id, opened_at }) => (
                      <Link to="/appeals/$appeal_id" params={{ appeal_id: id }} className="row-link">
                        <Moment at={opened_at} />
                      </Link>
                    ),
                    card: 'title',
                  },
                  {
                    key: 'state',
                    title: t('payment.state'),
                    cell: (row) => <StateBadge kind="appeal" code={row.state} />,
                    card: 'side',
                  },
                  {
                    key: 'deadline',
                    title: t('appeals.deadline'),
                    cell: ({ deadline }) => (deadline === null ? '–' : <Deadline at={deadline} />),
                  },
                  { key: 'reason', title: t('appeals.reason'), cell: ({ reason }) => word('appeal_reason', reason) },
                  {
                    key: 'original',
                    title: t('appeals.original'),
                    cell: ({ original_amount, currency }) => <Amount value={original_amount} currency={currency} />,
                    end: true,
                  },
                  {
                    key: 'claimed',
                    title: t('appeals.claimed'),
                    cell: ({ amount, currency }) => <Amount value={amount} currency={currency} />,
                    end: true,
                  },
                  {
                    key: 'difference',
                    title: t('appeals.difference'),
                    cell: ({ difference, currency }) => <Amount value={difference} currency={currency} signed />,
                    end: true,
                  },
                ]}
              />
              <More query={appeals} />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}
