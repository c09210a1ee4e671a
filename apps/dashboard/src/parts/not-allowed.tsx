import { Link } from '@tanstack/react-router'
import type { Role } from '../../../server/src/provider-api/documents.ts'
import { useMe } from '../shell/me.ts'
import { useLanguage } from '../texts/language.tsx'

type Props = {
  readonly needs: Exclude<Role, 'viewer'>
  /** Leads to what each role may; not where that stands already. */
  readonly more?: boolean
}

/** In place of what another role may do. */
export function NotAllowed({ needs, more = true }: Props) {
  const { t, word } = useLanguage()
  const { person } = useMe()
  return (
    <p className="not-allowed" role="note">
      {t(needs === 'owner' ? 'not_allowed.owner' : 'not_allowed.role', {
        own: word('role', person.role),
        needed: word('role', needs),
      })}{' '}
      {more && <Link to="/team">{t('rights.title')}</Link>}
    </p>
  )
}
