import type { Role } from '../../../../server/src/provider-api/documents.ts'
import { Badge } from '../../parts/badge.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { Section } from '../../parts/page.tsx'
import { useMe } from '../../shell/me.ts'
import { useLanguage } from '../../texts/language.tsx'
import { roles } from './team-page.tsx'

/** As the API has it: who may, beside owners. */
const rights: readonly { readonly key: string; readonly needs: Role }[] = [
  { key: 'see', needs: 'viewer' },
  { key: 'appeals', needs: 'trading' },
  { key: 'tests', needs: 'trading' },
  { key: 'money', needs: 'finance' },
  { key: 'settings', needs: 'owner' },
  { key: 'team', needs: 'owner' },
]

const may = (role: Role, needs: Role): boolean => role === 'owner' || needs === 'viewer' || role === needs

/** For everybody: what a role is good for. */
export function RightsSection() {
  const { t, word } = useLanguage()
  const { person } = useMe()
  return (
    <Section title={t('rights.title')} flush>
      <DataTable
        label={t('rights.title')}
        rows={rights}
        rowKey={({ key }) => key}
        columns={[
          { key: 'right', title: t('rights.what'), cell: ({ key }) => word('right', key), card: 'title' },
          ...roles.map((role) => ({
            key: role,
            title: role === person.role ? `${word('role', role)} (${t('team.you')})` : word('role', role),
            cell: ({ needs }: { readonly needs: Role }) =>
              may(role, needs) ? (
                <Badge tone="good">{t('rights.yes')}</Badge>
              ) : (
                <span className="dimmed">{t('rights.no')}</span>
              ),
          })),
        ]}
      />
    </Section>
  )
}
