import { NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type {
  Member,
  MemberChange,
  MemberWithPassword,
  Team,
} from '../../../../server/src/provider-api/balance-documents.ts'
import { callApi } from '../../api/client.ts'
import { Badge } from '../../parts/badge.tsx'
import { ConfirmButton } from '../../parts/confirm-button.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { useFailureText } from '../../parts/failure.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Moment } from '../../parts/moment.tsx'
import { NotAllowed } from '../../parts/not-allowed.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Secret } from '../../parts/secret.tsx'
import { tellDone, tellFailure } from '../../parts/tell.tsx'
import { useIsOwner, useMe } from '../../shell/me.ts'
import { useLanguage } from '../../texts/language.tsx'
import { Journal } from './journal.tsx'
import { NewMember } from './new-member.tsx'
import { RightsSection } from './rights-section.tsx'

export const roles = ['owner', 'trading', 'finance', 'viewer'] as const

export function TeamPage() {
  const { t } = useLanguage()
  const isOwner = useIsOwner()
  return (
    <Page title={t('team.title')} about={t('team.about')}>
      {isOwner ? <TeamSections /> : <NotAllowed needs="owner" more={false} />}
      {!isOwner && <RightsSection />}
    </Page>
  )
}

function TeamSections() {
  const { t } = useLanguage()
  const client = useQueryClient()
  const [made, setMade] = useState<MemberWithPassword | null>(null)
  const team = useQuery({
    queryKey: ['team'],
    queryFn: ({ signal }) => callApi<Team>('/team', { signal }),
  })
  const show = async (answer: MemberWithPassword): Promise<void> => {
    setMade(answer)
    await client.invalidateQueries({ queryKey: ['team'] })
  }
  return (
    <>
      {made !== null && (
        <Secret
          title={t('team.password_of', { name: made.person.email })}
          text={t('team.password_text')}
          value={made.initial_password}
          close={() => setMade(null)}
        />
      )}
      <Section title={t('team.people')} flush>
        <Loaded query={team}>{({ people }) => <People of={people} show={show} />}</Loaded>
      </Section>
      <Section title={t('team.add')}>
        <NewMember done={show} />
      </Section>
      <RightsSection />
      <Journal />
    </>
  )
}

type Show = (answer: MemberWithPassword) => Promise<void>

function People({ of: people, show }: { readonly of: readonly Member[]; readonly show: Show }) {
  const { t } = useLanguage()
  const { person: me } = useMe()
  return (
    <DataTable
      label={t('team.people')}
      rows={people}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'name',
          title: t('team.name'),
          cell: ({ id, name, email }) => (
            <span className="two-lines">
              <span className="break">
                {name} {id === me.id && <span className="dimmed">({t('team.you')})</span>}
              </span>
              <span className="dimmed small break">{email}</span>
            </span>
          ),
          card: 'title',
        },
        {
          key: 'active',
          title: t('payment.state'),
          cell: ({ active }) => (
            <Badge tone={active ? 'good' : 'plain'}>{t(active ? 'team.active' : 'team.inactive')}</Badge>
          ),
          card: 'side',
        },
        { key: 'role', title: t('team.role'), cell: (person) => <RoleChoice person={person} /> },
        { key: 'since', title: t('team.since'), cell: ({ created_at }) => <Moment at={created_at} /> },
        {
          key: 'act',
          title: t('orders.act'),
          cell: (person) =>
            person.id === me.id ? null : (
              <span className="badges">
                <ActiveButton person={person} />
                {person.active && <ResetButton person={person} show={show} />}
              </span>
            ),
        },
      ]}
    />
  )
}

function RoleChoice({ person }: { readonly person: Member }) {
  const { t, word } = useLanguage()
  const client = useQueryClient()
  const text = useFailureText()
  const change = useMutation({
    mutationFn: (body: MemberChange) => callApi(`/team/${encodeURIComponent(person.id)}`, { method: 'PATCH', body }),
    onSuccess: () => tellDone(t('team.changed')),
    onError: (error) => tellFailure(t('failure.not_done'), text(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['team'] }),
  })
  return (
    <NativeSelect
      size="xs"
      aria-label={t('team.role_of', { name: person.email })}
      value={change.isPending ? (change.variables.role ?? person.role) : person.role}
      disabled={change.isPending}
      onChange={(event) => {
        const role = roles.find((one) => one === event.currentTarget.value)
        if (role !== undefined) change.mutate({ role })
      }}
      data={roles.map((value) => ({ value, label: word('role', value) }))}
    />
  )
}

function ActiveButton({ person: { id, email, active } }: { readonly person: Member }) {
  const { t } = useLanguage()
  return (
    <ConfirmButton
      label={t(active ? 'team.take_off' : 'team.take_back')}
      question={t(active ? 'team.take_off_question' : 'team.take_back_question', { name: email })}
      path={`/team/${encodeURIComponent(id)}`}
      method="PATCH"
      body={{ active: !active }}
      stale={[['team']]}
      done={t('team.changed')}
    />
  )
}

function ResetButton({ person: { id, email }, show }: { readonly person: Member; readonly show: Show }) {
  const { t } = useLanguage()
  return (
    <ConfirmButton
      label={t('team.reset')}
      question={t('team.reset_question', { name: email })}
      path={`/team/${encodeURIComponent(id)}/password`}
      stale={[]}
      done={t('team.changed')}
      onAnswer={(answer) => void show(answer as MemberWithPassword)}
    />
  )
}
