import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Skips } from '../../../../server/src/provider-api/balance-documents.ts'
import { callApi, modeQuery } from '../../api/client.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { useCount } from '../../parts/share.tsx'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'

export function NoPaymentsPage() {
  const { t } = useLanguage()
  const mode = useMode()
  const skips = useQuery({
    queryKey: ['skips', mode],
    queryFn: ({ signal }) => callApi<Skips>('/skips', { query: modeQuery(mode), signal }),
    refetchInterval: 60_000,
  })
  return (
    <Page title={t('skips.title')} about={t('skips.about')}>
      <Loaded query={skips} lines={8}>
        {(data) => (
          <>
            <p className="dimmed small">
              {t('skips.period')} <Moment at={data.from} /> – <Moment at={data.to} />
            </p>
            {data.reasons.length === 0 && <Empty title={t('skips.none')}>{t('skips.none_text')}</Empty>}
            {data.connections
              .filter(({ reasons }) => reasons.length > 0)
              .map(({ gateway_id, name, reasons }) => (
                <Section key={gateway_id} title={name}>
                  <Reasons of={reasons} />
                </Section>
              ))}
          </>
        )}
      </Loaded>
    </Page>
  )
}

/** Where each reason is put right. */
const remedies: Readonly<Record<string, '/balance/top-ups' | '/settings' | '/console'>> = {
  balance_not_positive: '/balance/top-ups',
  balance_insufficient: '/balance/top-ups',
  misconfigured: '/settings',
  amount_below_min: '/settings',
  amount_above_max: '/settings',
  daily_amount_limit: '/settings',
  daily_count_limit: '/settings',
  method_unsupported: '/settings',
  breaker_open: '/console',
}

function Reasons({ of: reasons }: { readonly of: Skips['reasons'] }) {
  const { t, word } = useLanguage()
  const count = useCount()
  const most = Math.max(...reasons.map(({ payments }) => payments))
  return (
    <ul className="bars" data-wide>
      {reasons.map(({ reason, payments }) => {
        const to = remedies[reason]
        const about = word('skip_about', reason)
        return (
          <li key={reason}>
            <span className="bars-name">{word('skip', reason)}</span>
            <span className="bars-number">{t('skips.payments', { n: payments })}</span>
            <meter min={0} max={most} value={payments} aria-label={word('skip', reason)} title={count(payments)} />
            {about !== reason && (
              <span className="bars-note dimmed small">
                {about}{' '}
                {to !== undefined && (
                  <Link to={to}>
                    {t(`remedy.${to === '/balance/top-ups' ? 'top_up' : to === '/settings' ? 'settings' : 'console'}`)}
                  </Link>
                )}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
