import { useQuery } from '@tanstack/react-query'
import type { StatementDays as Days } from '../../../../server/src/provider-api/documents.ts'
import { callApi, modeQuery } from '../../api/client.ts'
import { Amount } from '../../parts/amount.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Section } from '../../parts/page.tsx'
import { useCount } from '../../parts/share.tsx'
import { useMe } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'

/** Totals of days, by what was booked. */
export function StatementDays({ period }: { readonly period: { readonly from?: string; readonly to?: string } }) {
  const { t, language } = useLanguage()
  const mode = useMode()
  const days = useQuery({
    queryKey: ['statement', 'days', mode, period],
    queryFn: ({ signal }) => callApi<Days>('/statement/days', { query: { ...modeQuery(mode), ...period }, signal }),
  })
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' })
  return (
    <Loaded query={days} lines={10}>
      {(data) =>
        data.days.length === 0 ? (
          <Empty title={t('statement.none_found')}>{t('statement.days_text')}</Empty>
        ) : (
          <>
            <p className="dimmed small">{t('statement.days_text')}</p>
            {data.days.map((day) => (
              <Day key={day.day} day={day} title={format.format(new Date(`${day.day}T00:00:00Z`))} />
            ))}
          </>
        )
      }
    </Loaded>
  )
}

function Day({ day, title }: { readonly day: Days['days'][number]; readonly title: string }) {
  const { word } = useLanguage()
  const { settlement_currency } = useMe().provider
  const count = useCount()
  return (
    <Section title={title} aside={<Amount value={day.change} currency={settlement_currency} signed />}>
      <dl className="pairs" data-wide>
        {day.kinds.map((line) => (
          <div key={line.kind}>
            <dt>
              {word('kind', line.kind)} <span className="dimmed">× {count(line.count)}</span>
            </dt>
            <dd>
              <Amount value={line.change} signed />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
