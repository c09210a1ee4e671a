import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Conformance, Connection } from '../../../../server/src/provider-api/connection-documents.ts'
import { callApi, modeQuery } from '../../api/client.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { FormFailure } from '../../parts/failure.tsx'
import { Section } from '../../parts/page.tsx'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import type { Which } from './console-page.tsx'

type Check = Conformance['checks'][number]

export function ConformanceSection({ connection, which }: { readonly connection: Connection; readonly which: Which }) {
  const { t } = useLanguage()
  const mode = useMode()
  const client = useQueryClient()
  const run = useMutation({
    mutationFn: () =>
      callApi<Conformance>(`/connections/${connection.gateway_id}/conformance`, {
        method: 'POST',
        query: modeQuery(mode),
        body: { endpoint: which },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['connections'] }),
  })
  return (
    <Section title={t('conformance.title')}>
      <p className="dimmed">{t('conformance.text')}</p>
      <div className="form-actions">
        <Button variant="default" loading={run.isPending} onClick={() => run.mutate()}>
          {t('conformance.run')}
        </Button>
        {run.isPending && (
          <span className="dimmed small" role="status">
            {t('conformance.running')}
          </span>
        )}
      </div>
      <FormFailure error={run.error} />
      {run.data !== undefined && <Report of={run.data} />}
    </Section>
  )
}

function Report({ of: { passed, checks, applied } }: { readonly of: Conformance }) {
  const { t, word } = useLanguage()
  return (
    <div className="outcome" data-tone={passed ? 'good' : 'bad'} role="status">
      <strong>{t(passed ? 'conformance.passed' : 'conformance.failed')}</strong>
      {applied.length > 0 && (
        <p>
          {t('conformance.applied')} {applied.map((name) => word('applied', name)).join(', ')}
        </p>
      )}
      <DataTable
        label={t('conformance.title')}
        rows={checks}
        rowKey={({ id }) => id}
        columns={[
          { key: 'id', title: t('conformance.check'), cell: (check) => <Title of={check} />, card: 'title' },
          { key: 'result', title: t('conformance.result'), cell: (check) => <Result of={check} />, card: 'side' },
          {
            key: 'text',
            title: t('conformance.found'),
            cell: ({ text, remedy }) => (
              <span className="two-lines">
                <span className="break">{text === '' ? '–' : text}</span>
                {remedy !== '' && <span className="break small">{`→ ${remedy}`}</span>}
              </span>
            ),
          },
        ]}
      />
    </div>
  )
}

function Title({ of: { id, title, optional } }: { readonly of: Check }) {
  const { t, word } = useLanguage()
  const text = word('check', id)
  return (
    <span>
      <code>{id}</code> {text === id ? title : text}
      {optional && <span className="dimmed small"> {t('conformance.optional')}</span>}
    </span>
  )
}

function Result({ of: { passed, optional } }: { readonly of: Check }) {
  const { t } = useLanguage()
  const tone: Tone = passed === null ? 'plain' : passed ? 'good' : optional ? 'plain' : 'bad'
  return (
    <Badge tone={tone}>
      {t(passed === null ? 'conformance.not_tried' : passed ? 'conformance.pass' : 'conformance.fail')}
    </Badge>
  )
}
