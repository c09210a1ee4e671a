/** A session that ends while somebody works: signed in again on top of the page, which keeps all that was typed. */
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import { callApi } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { session } from '../api/session.ts'
import { Dialog } from '../parts/dialog.tsx'
import { FormFailure } from '../parts/failure.tsx'
import { useLanguage } from '../texts/language.tsx'
import { useMe } from './me.ts'

export function SignInAgain() {
  const { t } = useLanguage()
  const { person } = useMe()
  const [password, setPassword] = useState('')
  const ended = useSyncExternalStore(session.subscribe, session.isEnded)
  const signIn = useMutation({
    mutationFn: () => callApi('/auth/sign-in/email', { method: 'POST', body: { email: person.email, password } }),
    onSuccess: async () => {
      setPassword('')
      session.begin()
      await queryClient.invalidateQueries()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <Dialog opened={ended} title={t('again.title')}>
      <form className="form" onSubmit={submit}>
        <p>{t('again.text')}</p>
        <TextInput label={t('sign_in.email')} value={person.email} readOnly autoComplete="username" />
        <PasswordInput
          label={t('sign_in.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': t('sign_in.show') }}
        />
        <FormFailure error={signIn.error} />
        <div className="form-actions">
          <Button type="submit" loading={signIn.isPending}>
            {t('sign_in.submit')}
          </Button>
          <a href="/dashboard/sign-in">{t('again.other')}</a>
        </div>
      </form>
    </Dialog>
  )
}
