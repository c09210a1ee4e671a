import type { Audit } from '../../../../server/src/provider-api/balance-documents.ts'
import { usePages } from '../../api/pages.ts'
import { DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Moment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { Section } from '../../parts/page.tsx'
import { useLanguage } from '../../texts/language.tsx'

/** Who changed what, when and from where. */
export function Journal() {
  const { t, word } = useLanguage()
  const audit = usePages<Audit>(['audit'], '/audit', {})
  return (
    <Section title={t('journal.title')} flush>
      <Loaded query={audit}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.entries)
          if (rows.length === 0) return <Empty title={t('journal.none')} />
          return (
            <>
              <DataTable
                label={t('journal.title')}
                rows={rows}
                rowKey={({ id }) => id}
                columns={[
                  { key: 'at', title: t('payment.time'), cell: ({ at }) => <Moment at={at} seconds />, card: 'title' },
                  {
                    key: 'action',
                    title: t('journal.action'),
                    cell: ({ action }) => word('action', action),
                    card: 'side',
                  },
                  {
                    key: 'person',
                    title: t('journal.person'),
                    cell: ({ person }) => <span className="break">{person ?? '–'}</span>,
                  },
                  { key: 'detail', title: t('journal.detail'), cell: ({ detail }) => <Detail of={detail} /> },
                  { key: 'ip', title: t('journal.ip'), cell: ({ ip }) => <code>{ip ?? '–'}</code> },
                ]}
              />
              <More query={audit} />
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

function Detail({ of: detail }: { readonly of: unknown }) {
  if (detail === null || typeof detail !== 'object') return null
  const pairs = Object.entries(detail)
  if (pairs.length === 0) return <>–</>
  return (
    <code className="break small">
      {pairs.map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ')}
    </code>
  )
}
