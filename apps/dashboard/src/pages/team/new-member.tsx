import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type {
  MemberWithPassword,
  NewMember as NewMemberBody,
} from '../../../../server/src/provider-api/balance-documents.ts'
import type { Role } from '../../../../server/src/provider-api/documents.ts'
import { ApiFailure, callApi } from '../../api/client.ts'
import { FormFailure } from '../../parts/failure.tsx'
import { useLanguage } from '../../texts/language.tsx'
import { roles } from './team-page.tsx'

export function NewMember({ done }: { readonly done: (answer: MemberWithPassword) => Promise<void> }) {
  const { t, word } = useLanguage()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('trading')
  const [tried, setTried] = useState(false)
  const add = useMutation({
    mutationFn: (body: NewMemberBody) => callApi<MemberWithPassword>('/team', { method: 'POST', body }),
    onSuccess: (answer) => {
      setName('')
      setEmail('')
      setTried(false)
      return done(answer)
    },
  })
  const fields = add.error instanceof ApiFailure ? add.error.fields : {}
  const isWhole = name.trim() !== '' && /^\S+@\S+$/.test(email.trim())
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (isWhole) add.mutate({ name: name.trim(), email: email.trim(), role })
  }
  return (
    <form className="form" onSubmit={submit} noValidate>
      <div className="fields">
        <TextInput
          label={t('team.name')}
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried && name.trim() === '' ? t('form.required') : fields.name}
        />
        <TextInput
          type="email"
          label={t('sign_in.email')}
          maxLength={254}
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={tried && !/^\S+@\S+$/.test(email.trim()) ? t('team.email_wrong') : fields.email}
        />
        <NativeSelect
          label={t('team.role')}
          value={role}
          onChange={(event) => setRole(roles.find((one) => one === event.currentTarget.value) ?? 'viewer')}
          data={roles.map((value) => ({ value, label: word('role', value) }))}
          description={word('role_about', role)}
        />
      </div>
      <FormFailure error={add.error} />
      <div className="form-actions">
        <Button type="submit" loading={add.isPending}>
          {t('team.add')}
        </Button>
      </div>
    </form>
  )
}
