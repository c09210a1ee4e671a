import { Button, PasswordInput, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { callApi } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { session } from '../../api/session.ts'
import { FormFailure } from '../../parts/failure.tsx'
import { useLanguage } from '../../texts/language.tsx'
import { languageNames, languages } from '../../texts/text.ts'

/** Where the person was, if that is an address of the dashboard itself. */
function wayBack(back: string | undefined): string {
  return back !== undefined && /^\/(?![/\\])/.test(back) && !back.startsWith('/sign-in') ? back : '/'
}

export function SignInPage() {
  const { t } = useLanguage()
  const { back } = useSearch({ from: '/sign-in' })
  const router = useRouter()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => callApi('/auth/sign-in/email', { method: 'POST', body: { email: email.trim(), password } }),
    onSuccess: () => {
      session.begin()
      queryClient.clear()
      router.history.push(`/dashboard${wayBack(back)}`)
    },
  })
  useEffect(() => {
    document.title = t('sign_in.title')
  }, [t])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <main className="alone">
      <form className="form sign-in" onSubmit={submit} aria-labelledby="sign-in-title">
        <svg viewBox="0 0 32 32" aria-hidden="true" className="brand-mark sign-in-mark">
          <rect width="32" height="32" rx="8" />
          <path d="M8 10h10M12 16h10M16 22h8" />
        </svg>
        <Title order={1} id="sign-in-title">
          {t('sign_in.title')}
        </Title>
        {back !== undefined && <p className="dimmed">{t('sign_in.back')}</p>}
        <TextInput
          type="email"
          label={t('sign_in.email')}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
        />
        <PasswordInput
          label={t('sign_in.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': t('sign_in.show') }}
        />
        <FormFailure error={signIn.error} />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          {t('sign_in.submit')}
        </Button>
        <p className="dimmed small">{t('sign_in.help')}</p>
        <LanguageLinks />
      </form>
    </main>
  )
}

function LanguageLinks() {
  const { language, choose, t } = useLanguage()
  return (
    <fieldset className="languages" aria-label={t('person.language')}>
      {languages.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          className="link"
          aria-pressed={one === language}
          onClick={() => choose(one)}
        >
          {languageNames[one]}
        </button>
      ))}
    </fieldset>
  )
}
