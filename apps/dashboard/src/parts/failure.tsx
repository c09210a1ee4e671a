import { Button } from '@mantine/core'
import { ApiFailure } from '../api/client.ts'
import { useLanguage } from '../texts/language.tsx'
import { useLength } from './moment.tsx'
import { Notice } from './notice.tsx'

/** What went wrong, in the reader's language where the code is known. */
export function useFailureText(): (error: unknown) => string {
  const { t, word } = useLanguage()
  const length = useLength()
  return (error) => {
    if (!(error instanceof ApiFailure)) return t('failure.unexpected')
    if (error.status === 429 && error.wait_s !== null) return t('failure.wait', { time: length(error.wait_s) })
    const known = word('problem', error.code)
    if (known !== error.code) return known
    if (error.message !== '') return error.message
    return error.status >= 500 ? t('problem.internal') : t('failure.unexpected')
  }
}

/** Instead of what could not be loaded. */
export function LoadFailure({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const { t } = useLanguage()
  const text = useFailureText()
  const refused = error instanceof ApiFailure && error.status === 403
  const missing = error instanceof ApiFailure && error.status === 404
  const title = refused ? t('failure.refused') : missing ? t('failure.missing') : t('failure.not_loaded')
  return (
    <Notice tone="bad" title={title}>
      <p>{refused ? t('failure.refused_text') : text(error)}</p>
      {!refused && !missing && (
        <Button size="xs" variant="default" onClick={retry}>
          {t('failure.retry')}
        </Button>
      )}
    </Notice>
  )
}

/** Above the buttons of a form whose sending failed. What was typed stays. */
export function FormFailure({ error }: { readonly error: unknown }) {
  const { t } = useLanguage()
  const text = useFailureText()
  if (error === null || error === undefined) return null
  return (
    <Notice tone="bad" title={t('failure.not_done')}>
      {text(error)}
    </Notice>
  )
}
