import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type {
  Connection,
  CredentialsChange,
  CredentialsResult,
} from '../../../../server/src/provider-api/connection-documents.ts'
import { ApiFailure, callApi, modeQuery } from '../../api/client.ts'
import { EndpointTest } from '../../connections/endpoint-test.tsx'
import { ConfirmButton } from '../../parts/confirm-button.tsx'
import { FormFailure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { NotAllowed } from '../../parts/not-allowed.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Section } from '../../parts/page.tsx'
import { Pairs } from '../../parts/pairs.tsx'
import { Secret } from '../../parts/secret.tsx'
import { tellDone } from '../../parts/tell.tsx'
import { useIsOwner, useMay } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'

const key_length_min = 16

export function EndpointSection({ connection }: { readonly connection: Connection }) {
  const { t, word } = useLanguage()
  const isOwner = useIsOwner()
  const mayTest = useMay('trading')
  const [editing, form] = useDisclosure(false)
  const [made, setMade] = useState<string | null>(null)
  const { gateway_id, endpoint, pending, misconfigured_at, misconfigured_reason, tested_at } = connection
  return (
    <Section title={t('endpoint.title', { name: connection.name })}>
      {misconfigured_at !== null && (
        <Notice tone="bad" title={t('endpoint.misconfigured')}>
          {misconfigured_reason !== null && <p className="break">{word('misconfigured', misconfigured_reason)}</p>}
          <p>
            {t('endpoint.misconfigured_text')} <Moment at={misconfigured_at} />
          </p>
        </Notice>
      )}
      {made !== null && (
        <Secret
          title={t('endpoint.new_key')}
          text={t('endpoint.new_key_text')}
          value={made}
          close={() => setMade(null)}
        />
      )}
      <h3 className="minor-title">{t('endpoint.current')}</h3>
      <EndpointFacts of={endpoint} tested_at={tested_at} />
      {pending !== null && (
        <div className="boxed" data-tone="warn">
          <h3 className="minor-title">{t('endpoint.pending')}</h3>
          <p>{t('endpoint.pending_text')}</p>
          <EndpointFacts of={pending} tested_at={null} />
          <div className="form-actions">
            {mayTest && (
              <EndpointTest
                gateway_id={gateway_id}
                request={{ endpoint: 'pending' }}
                label={t('endpoint.test_pending')}
                primary
              />
            )}
            {isOwner && <DropButton gateway_id={gateway_id} />}
          </div>
        </div>
      )}
      {!isOwner && <NotAllowed needs="owner" />}
      {editing ? (
        <CredentialsForm
          connection={connection}
          close={form.close}
          saved={(key) => {
            setMade(key)
            form.close()
          }}
        />
      ) : (
        <div className="form-actions">
          {isOwner && (
            <Button variant="default" onClick={form.open}>
              {t('endpoint.change')}
            </Button>
          )}
          {mayTest && pending === null && endpoint.endpoint_url !== null && (
            <EndpointTest gateway_id={gateway_id} request={{ endpoint: 'current' }} label={t('endpoint.test')} />
          )}
        </div>
      )}
    </Section>
  )
}

function EndpointFacts({ of, tested_at }: { readonly of: Connection['endpoint']; readonly tested_at: string | null }) {
  const { t, word } = useLanguage()
  return (
    <Pairs
      of={[
        [
          t('endpoint.url'),
          of.endpoint_url === null ? (
            t('endpoint.none')
          ) : (
            <code key="url" className="break">
              {of.endpoint_url}
            </code>
          ),
        ],
        [t('endpoint.key'), of.api_key_mask === null ? t('endpoint.none') : <code key="mask">{of.api_key_mask}</code>],
        [t('terms.event_form'), word('event_form', of.event_form)],
        of.changed_at === null
          ? null
          : [
              t('endpoint.changed'),
              <span key="changed" className="break">
                <Moment at={of.changed_at} />
                {of.changed_by !== null && `, ${of.changed_by}`}
              </span>,
            ],
        tested_at === null ? null : [t('endpoint.tested'), <Moment key="tested" at={tested_at} />],
      ]}
    />
  )
}

function DropButton({ gateway_id }: { readonly gateway_id: number }) {
  const { t } = useLanguage()
  const mode = useMode()
  return (
    <ConfirmButton
      label={t('endpoint.drop')}
      question={t('endpoint.drop_question')}
      path={`/connections/${gateway_id}/credentials`}
      query={modeQuery(mode)}
      body={{ drop: true }}
      stale={[['connections']]}
      done={t('endpoint.dropped')}
    />
  )
}

type FormProps = {
  readonly connection: Connection
  readonly close: () => void
  /** With the key that was made, if one was. */
  readonly saved: (key: string | null) => void
}

function CredentialsForm({ connection: { gateway_id, endpoint, pending }, close, saved }: FormProps) {
  const { t } = useLanguage()
  const mode = useMode()
  const client = useQueryClient()
  const before = pending?.endpoint_url ?? endpoint.endpoint_url ?? ''
  const [url, setUrl] = useState(before)
  const [key, setKey] = useState('')
  const [generate, setGenerate] = useState(false)
  const [tried, setTried] = useState(false)
  const save = useMutation({
    mutationFn: (body: CredentialsChange) =>
      callApi<CredentialsResult>(`/connections/${gateway_id}/credentials`, {
        method: 'POST',
        query: modeQuery(mode),
        body,
      }),
    onSuccess: async ({ api_key }) => {
      tellDone(t('endpoint.saved'))
      await client.invalidateQueries({ queryKey: ['connections'] })
      saved(api_key)
    },
  })
  const fields = save.error instanceof ApiFailure ? save.error.fields : {}
  const isShort = !generate && key !== '' && key.length < key_length_min
  const isChanged = url.trim() !== before || key !== '' || generate
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (isShort || !isChanged || url.trim() === '') return
    save.mutate({
      ...(url.trim() === before ? {} : { endpoint_url: url.trim() }),
      ...(generate ? { generate_key: true } : key === '' ? {} : { api_key: key }),
    })
  }
  return (
    <form className="form boxed" onSubmit={submit} noValidate>
      <TextInput
        type="url"
        label={t('endpoint.url')}
        placeholder="https://"
        autoComplete="off"
        spellCheck={false}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        error={tried && url.trim() === '' ? t('form.required') : fields.endpoint_url}
      />
      <PasswordInput
        label={t('endpoint.key')}
        description={t('endpoint.key_note', { n: key_length_min })}
        autoComplete="new-password"
        disabled={generate}
        value={generate ? '' : key}
        onChange={(event) => setKey(event.currentTarget.value)}
        error={isShort && tried ? t('endpoint.key_short', { n: key_length_min }) : fields.api_key}
        visibilityToggleButtonProps={{ 'aria-label': t('endpoint.show_key') }}
      />
      <Checkbox
        label={t('endpoint.generate')}
        checked={generate}
        onChange={(event) => setGenerate(event.currentTarget.checked)}
      />
      <p className="dimmed small">{t('endpoint.waits')}</p>
      {tried && !isChanged && <p className="row-note">{t('form.nothing_changed')}</p>}
      <FormFailure error={save.error} />
      <div className="form-actions">
        <Button type="submit" loading={save.isPending}>
          {t('form.save')}
        </Button>
        <Button variant="default" onClick={close}>
          {t('form.cancel')}
        </Button>
      </div>
    </form>
  )
}
