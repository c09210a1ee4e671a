import { SegmentedControl } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Connection, ConsoleCall } from '../../../../server/src/provider-api/connection-documents.ts'
import { ChosenConnection } from '../../connections/connections.tsx'
import { ConsoleCallView } from '../../connections/console-call.tsx'
import { EndpointTest } from '../../connections/endpoint-test.tsx'
import { Empty } from '../../parts/empty.tsx'
import { NotAllowed } from '../../parts/not-allowed.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { useMay } from '../../shell/me.ts'
import { useLanguage } from '../../texts/language.tsx'
import { ConformanceSection } from './conformance-section.tsx'
import { EventForm } from './event-form.tsx'

export type Which = 'current' | 'pending'

export function ConsolePage() {
  const { t } = useLanguage()
  const may = useMay('trading')
  const { gateway } = useSearch({ from: '/shell/console' })
  const navigate = useNavigate()
  return (
    <Page title={t('console.title')} about={t('console.about')}>
      {!may ? (
        <NotAllowed needs="trading" />
      ) : (
        <ChosenConnection
          gateway={gateway}
          choose={(chosen) => void navigate({ to: '/console', search: (now) => ({ ...now, gateway: chosen }) })}
        >
          {(connection) => <Tools key={connection.gateway_id} connection={connection} />}
        </ChosenConnection>
      )}
    </Page>
  )
}

function Tools({ connection }: { readonly connection: Connection }) {
  const { t } = useLanguage()
  const [chosen, setChosen] = useState<Which>(connection.pending === null ? 'current' : 'pending')
  const [calls, setCalls] = useState<readonly ConsoleCall[]>([])
  const { endpoint, pending } = connection
  const which: Which = pending === null ? 'current' : chosen
  const used = which === 'pending' ? pending : endpoint
  const url = used?.endpoint_url ?? null
  return (
    <div className="stack">
      <div className="console-endpoint">
        {pending !== null && (
          <SegmentedControl
            aria-label={t('console.endpoint')}
            value={which}
            onChange={(value) => setChosen(value === 'pending' ? 'pending' : 'current')}
            data={[
              { value: 'current', label: t('endpoint.current') },
              { value: 'pending', label: t('endpoint.pending') },
            ]}
          />
        )}
        <span>
          {t('console.goes_to')} <code className="break">{url ?? t('endpoint.none')}</code>
        </span>
      </div>
      <div className="columns" data-narrow-first>
        <Section title={t('console.event')}>
          <EventForm
            connection={connection}
            which={which}
            reference={calls[0]?.reference ?? null}
            done={(more) => setCalls((before) => [...more.toReversed(), ...before].slice(0, calls_max))}
          />
        </Section>
        <Section title={t('console.calls')}>
          {calls.length === 0 && <Empty title={t('console.none')}>{t('console.none_text')}</Empty>}
          {calls.map((call, index) => (
            <ConsoleCallView key={`${call.at}${call.event}`} call={call} open={index === 0} />
          ))}
        </Section>
      </div>
      <Section title={t('console.probe')}>
        <p className="dimmed">{t('console.probe_text')}</p>
        <EndpointTest gateway_id={connection.gateway_id} request={{ endpoint: which }} label={t('console.probe')} />
      </Section>
      <ConformanceSection connection={connection} which={which} />
    </div>
  )
}

const calls_max = 20
