import { Button } from '@mantine/core'
import { Notice } from '../parts/notice.tsx'
import { useLanguage } from '../texts/language.tsx'

/** A page that broke: a mistake of ours, or files of an older release that are gone. */
export function Crash({ error }: { readonly error: unknown }) {
  const { t } = useLanguage()
  return (
    <Notice tone="bad" title={t('crash.title')}>
      <p>{t('crash.text')}</p>
      <p>
        <code>{error instanceof Error ? error.message : String(error)}</code>
      </p>
      <Button size="xs" variant="default" onClick={() => location.reload()}>
        {t('crash.reload')}
      </Button>
    </Notice>
  )
}
