import { Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useLanguage } from '../texts/language.tsx'

/** An address that leads nowhere. */
export function Missing() {
  const { t } = useLanguage()
  return (
    <main className="alone">
      <div className="empty">
        <Title order={1}>{t('missing.title')}</Title>
        <p className="empty-text">
          <Link to="/">{t('missing.back')}</Link>
        </p>
      </div>
    </main>
  )
}
