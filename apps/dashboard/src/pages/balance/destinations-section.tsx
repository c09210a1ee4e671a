import { Button, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Destinations, NewDestination } from '../../../../server/src/provider-api/balance-documents.ts'
import { ApiFailure, callApi } from '../../api/client.ts'
import { Badge } from '../../parts/badge.tsx'
import { FormFailure } from '../../parts/failure.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Section } from '../../parts/page.tsx'
import { tellDone } from '../../parts/tell.tsx'
import { useMay } from '../../shell/me.ts'
import { useLanguage } from '../../texts/language.tsx'

export function DestinationsSection({ query }: { readonly query: UseQueryResult<Destinations> }) {
  const { t } = useLanguage()
  const may = useMay('finance')
  const [open, form] = useDisclosure(false)
  return (
    <Section
      title={t('destination.title')}
      aside={
        may && !open ? (
          <Button size="compact-sm" variant="default" onClick={form.open}>
            {t('destination.add')}
          </Button>
        ) : undefined
      }
    >
      {open && <NewDestinationForm close={form.close} />}
      <Loaded query={query} lines={3}>
        {({ destinations }) =>
          destinations.length === 0 ? (
            <p className="dimmed">{t('destination.none')}</p>
          ) : (
            <ul className="rows">
              {destinations.map(({ id, label, address, usable_from, saved_by }) => (
                <li key={id} className="row">
                  <div className="row-main">
                    <span className="row-name" title={label}>
                      {label}
                    </span>
                    <code>{address}</code>
                  </div>
                  <span className="dimmed small break">
                    {new Date(usable_from) > new Date() ? (
                      <Badge tone="warn">
                        {t('destination.usable_from')} <Moment at={usable_from} />
                      </Badge>
                    ) : (
                      saved_by
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}

function NewDestinationForm({ close }: { readonly close: () => void }) {
  const { t } = useLanguage()
  const client = useQueryClient()
  const [label, setLabel] = useState('')
  const [address, setAddress] = useState('')
  const [tried, setTried] = useState(false)
  const save = useMutation({
    mutationFn: (body: NewDestination) => callApi<unknown>('/destinations', { method: 'POST', body }),
    onSuccess: async () => {
      tellDone(t('destination.saved'))
      await client.invalidateQueries({ queryKey: ['destinations'] })
      close()
    },
  })
  const fields = save.error instanceof ApiFailure ? save.error.fields : {}
  const isWhole = label.trim() !== '' && address.trim().length >= 4
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (isWhole) save.mutate({ label: label.trim(), address: address.trim() })
  }
  return (
    <form className="form boxed" onSubmit={submit} noValidate>
      <TextInput
        label={t('destination.label')}
        maxLength={100}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        error={tried && label.trim() === '' ? t('form.required') : fields.label}
        data-autofocus
      />
      <TextInput
        label={t('destination.address')}
        description={t('destination.address_note')}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={tried && address.trim().length < 4 ? t('destination.address_short') : fields.address}
      />
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
