import type { Role } from '../../../server/src/provider-api/documents.ts'
import { useMe } from '../shell/me.ts'
import { useLanguage } from '../texts/language.tsx'

/** In place of what another role may do. */
export function NotAllowed({ needs }: { readonly needs: Exclude<Role, 'viewer'> }) {
  const { t, word } = useLanguage()
  const { person } = useMe()
  return (
    <p className="not-allowed" role="note">
      {t(needs === 'owner' ? 'not_allowed.owner' : 'not_allowed.role', {
        own: word('role', person.role),
        needed: word('role', needs),
      })}
    </p>
  )
}
