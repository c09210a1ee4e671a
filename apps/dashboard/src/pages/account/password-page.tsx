import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { PasswordChange } from '../../../../server/src/provider-api/balance-documents.ts'
import { ApiFailure, callApi } from '../../api/client.ts'
import { FormFailure } from '../../parts/failure.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { tellDone } from '../../parts/tell.tsx'
import { useMe } from '../../shell/me.ts'
import { useLanguage } from '../../texts/language.tsx'

const length_min = 12
const length_max = 128

export function PasswordPage() {
  const { t } = useLanguage()
  const { person } = useMe()
  const [current, setCurrent] = useState('')
  const [wanted, setWanted] = useState('')
  const [tried, setTried] = useState(false)
  const change = useMutation({
    mutationFn: (body: PasswordChange) => callApi('/me/password', { method: 'POST', body }),
    onSuccess: () => {
      setCurrent('')
      setWanted('')
      setTried(false)
      tellDone(t('password.changed'))
    },
  })
  const fields = change.error instanceof ApiFailure ? change.error.fields : {}
  const isWrong = fields.current_password !== undefined
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (current !== '' && wanted.length >= length_min)
      change.mutate({ current_password: current, new_password: wanted })
  }
  const show = { 'aria-label': t('sign_in.show') }
  return (
    <Page title={t('password.title')} about={t('password.about')}>
      <Section title={person.email}>
        <form className="form form-narrow" onSubmit={submit} noValidate>
          <input type="email" autoComplete="username" value={person.email} readOnly hidden />
          <PasswordInput
            label={t('password.current')}
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            error={isWrong ? t('password.wrong') : tried && current === '' ? t('form.required') : null}
            visibilityToggleButtonProps={show}
          />
          <PasswordInput
            label={t('password.new')}
            description={t('password.rule', { n: length_min })}
            autoComplete="new-password"
            maxLength={length_max}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
            error={tried && wanted.length < length_min ? t('password.short', { n: length_min }) : fields.new_password}
            visibilityToggleButtonProps={show}
          />
          {!isWrong && <FormFailure error={change.error} />}
          <div className="form-actions">
            <Button type="submit" loading={change.isPending}>
              {t('password.submit')}
            </Button>
          </div>
        </form>
      </Section>
    </Page>
  )
}
