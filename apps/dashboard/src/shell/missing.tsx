import { Link } from '@tanstack/react-router'
import { Empty } from '../parts/empty.tsx'
import { useLanguage } from '../texts/language.tsx'

/** An address that leads nowhere. */
export function Missing() {
  const { t } = useLanguage()
  return (
    <Empty title={t('missing.title')}>
      <Link to="/">{t('missing.back')}</Link>
    </Empty>
  )
}
