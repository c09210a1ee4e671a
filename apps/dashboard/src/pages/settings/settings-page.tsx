import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Connection } from '../../../../server/src/provider-api/connection-documents.ts'
import { ChosenConnection } from '../../connections/connections.tsx'
import { Amount } from '../../parts/amount.tsx'
import { StateBadge } from '../../parts/badge.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Pairs } from '../../parts/pairs.tsx'
import { useLanguage } from '../../texts/language.tsx'
import { AlertSection } from './alert-form.tsx'
import { EndpointSection } from './endpoint-section.tsx'
import { TermsForm } from './terms-form.tsx'

export function SettingsPage() {
  const { t } = useLanguage()
  const { gateway } = useSearch({ from: '/shell/settings' })
  const navigate = useNavigate()
  return (
    <Page title={t('settings.title')}>
      <ChosenConnection
        gateway={gateway}
        choose={(chosen) => void navigate({ to: '/settings', search: (now) => ({ ...now, gateway: chosen }) })}
      >
        {(connection) => (
          // Another connection is another form: nothing typed for one may be saved for the other.
          <div key={connection.gateway_id}>
            <EndpointSection connection={connection} />
            <TermsForm connection={connection} />
            <Agreed connection={connection} />
          </div>
        )}
      </ChosenConnection>
      <AlertSection />
    </Page>
  )
}

/** What the operator has agreed with the provider: to be read here, changed by nobody. */
function Agreed({ connection }: { readonly connection: Connection }) {
  const { t } = useLanguage()
  const { window_minutes, create_timeout_s, currencies, rate_source, rate_margin_percent, require_luhn } = connection
  return (
    <Section title={t('agreed.title')} aside={<StateBadge kind="connection" code={connection.status} />}>
      <p className="dimmed">{t('agreed.text')}</p>
      <Pairs
        of={[
          [t('agreed.window'), t('agreed.minutes', { n: window_minutes })],
          [t('agreed.timeout'), t('agreed.seconds', { n: create_timeout_s })],
          [t('agreed.currencies'), currencies === null ? t('agreed.every_currency') : currencies.join(', ')],
          [t('agreed.rate_source'), rate_source ?? t('agreed.no_rate')],
          [
            t('agreed.margin'),
            <span key="margin">
              <Amount value={rate_margin_percent} /> %
            </span>,
          ],
          [t('agreed.luhn'), t(require_luhn ? 'agreed.luhn_needed' : 'agreed.luhn_warning')],
        ]}
      />
    </Section>
  )
}
