import { Button, NativeSelect, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Connection, ConnectionChange } from '../../../../server/src/provider-api/connection-documents.ts'
import { ApiFailure, callApi, modeQuery } from '../../api/client.ts'
import { FormFailure } from '../../parts/failure.tsx'
import { NotAllowed } from '../../parts/not-allowed.tsx'
import { Section } from '../../parts/page.tsx'
import { tellDone } from '../../parts/tell.tsx'
import { useIsOwner } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { MethodLimits } from './method-limits.tsx'
import { draftOf, type TermsDraft, termsOf } from './terms-draft.ts'

/** How the endpoint is called and what it takes; kept as typed until it is saved. */
export function TermsForm({ connection }: { readonly connection: Connection }) {
  const { t, word } = useLanguage()
  const mode = useMode()
  const client = useQueryClient()
  const isOwner = useIsOwner()
  const [draft, setDraft] = useState<TermsDraft>(() => draftOf(connection))
  const [tried, setTried] = useState(false)
  const { change, mistakes } = termsOf(draft, connection)
  const save = useMutation({
    mutationFn: (body: ConnectionChange) =>
      callApi<Connection>(`/connections/${connection.gateway_id}`, { method: 'PUT', query: modeQuery(mode), body }),
    onSuccess: async (saved) => {
      setDraft(draftOf(saved))
      setTried(false)
      tellDone(t('terms.saved'))
      await client.invalidateQueries({ queryKey: ['connections'] })
    },
  })
  const fields = save.error instanceof ApiFailure ? save.error.fields : {}
  const isChanged = Object.keys(change).length > 0
  const edit = (next: Partial<TermsDraft>): void => setDraft((before) => ({ ...before, ...next }))
  const mistakeOf = (field: string) => {
    const mistake = tried ? mistakes[field] : undefined
    return mistake === undefined ? fields[field] : t(`mistake.${mistake}`)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (isChanged && Object.keys(mistakes).length === 0) save.mutate(change)
  }
  return (
    <Section title={t('terms.title')}>
      {!isOwner && <NotAllowed needs="owner" />}
      <form className="form" onSubmit={submit} noValidate>
        <fieldset className="plain" disabled={!isOwner}>
          <div className="fields">
            <NativeSelect
              label={t('terms.event_form')}
              description={t('terms.event_form_note')}
              value={draft.event_form}
              onChange={(event) => edit({ event_form: event.currentTarget.value === 'bare' ? 'bare' : 'prefixed' })}
              data={(['prefixed', 'bare'] as const).map((value) => ({ value, label: word('event_form', value) }))}
              error={mistakeOf('event_form')}
            />
            <TextInput
              label={t('terms.finalise_grace')}
              description={t('terms.finalise_grace_note')}
              inputMode="numeric"
              value={draft.finalise_grace_s}
              onChange={(event) => edit({ finalise_grace_s: event.currentTarget.value })}
              error={mistakeOf('finalise_grace_s')}
            />
            <TextInput
              label={t('terms.request_gap')}
              description={t('terms.request_gap_note')}
              inputMode="numeric"
              value={draft.request_gap_ms}
              onChange={(event) => edit({ request_gap_ms: event.currentTarget.value })}
              error={mistakeOf('request_gap_ms')}
            />
          </div>
          <Switch
            label={t('terms.idempotency')}
            description={t('terms.idempotency_note')}
            checked={draft.supports_idempotency_key}
            onChange={(event) => edit({ supports_idempotency_key: event.currentTarget.checked })}
          />
          <h3 className="minor-title">{t('terms.methods')}</h3>
          <p className="dimmed small">{t('terms.methods_note')}</p>
          {draft.methods.map((method) => (
            <MethodLimits
              key={method.method}
              draft={method}
              mistakeOf={(name) => mistakeOf(`${method.method}.${name}`)}
              onChange={(next) =>
                edit({ methods: draft.methods.map((one) => (one.method === next.method ? next : one)) })
              }
            />
          ))}
          {mistakeOf('methods') !== undefined && (
            <p className="row-note" data-tone="bad">
              {mistakeOf('methods')}
            </p>
          )}
        </fieldset>
        <FormFailure error={save.error} />
        {isOwner && (
          <div className="form-actions">
            <Button type="submit" loading={save.isPending} disabled={!isChanged}>
              {t('form.save')}
            </Button>
            {isChanged && (
              <Button variant="default" onClick={() => setDraft(draftOf(connection))}>
                {t('form.undo')}
              </Button>
            )}
          </div>
        )}
      </form>
    </Section>
  )
}
