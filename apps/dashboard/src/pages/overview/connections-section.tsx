import { Link } from '@tanstack/react-router'
import type { Overview } from '../../../../server/src/provider-api/documents.ts'
import { StateBadge } from '../../parts/badge.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Section } from '../../parts/page.tsx'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'

export function ConnectionsSection({ connections }: { readonly connections: Overview['connections'] }) {
  const { t } = useLanguage()
  const mode = useMode()
  return (
    <Section
      title={t('overview.connections')}
      aside={<Link to="/no-payments">{t('overview.why_none')}</Link>}
      flush={connections.length > 0}
    >
      {connections.length === 0 && (
        <Empty title={t(mode === 'test' ? 'overview.no_connection_test' : 'overview.no_connection')}>
          {t('overview.no_connection_text')}
        </Empty>
      )}
      <ul className="rows">
        {connections.map((connection) => (
          <ConnectionRow key={connection.gateway_id} connection={connection} />
        ))}
      </ul>
    </Section>
  )
}

function ConnectionRow({ connection }: { readonly connection: Overview['connections'][number] }) {
  const { t, word } = useLanguage()
  const { name, status, methods, misconfigured_reason } = connection
  return (
    <li className="row">
      <div className="row-main">
        <span className="row-name" title={name}>
          {name}
        </span>
        <StateBadge kind="connection" code={status} />
      </div>
      <ul className="row-facts" aria-label={t('overview.breakers')}>
        {methods.map(({ method, breaker, open_until }) => (
          <li key={method}>
            <span className="dimmed">{word('method', method)}</span> <StateBadge kind="breaker" code={breaker} />
            {open_until !== null && (
              <span className="dimmed small">
                {' '}
                {t('overview.until')} <Moment at={open_until} seconds />
              </span>
            )}
          </li>
        ))}
      </ul>
      {status === 'misconfigured' && (
        <p className="row-note" data-tone="bad">
          {word('misconfigured', misconfigured_reason ?? '') || t('overview.misconfigured')}{' '}
          <Link to="/settings">{t('overview.to_settings')}</Link>
        </p>
      )}
    </li>
  )
}
