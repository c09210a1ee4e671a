import { Button } from '@mantine/core'
import { useLanguage } from '../texts/language.tsx'
import { CopyButton } from './copy-text.tsx'
import { Notice } from './notice.tsx'

type Props = {
  readonly title: string
  readonly text: string
  readonly value: string
  readonly close: () => void
}

/** A secret that is shown this once. */
export function Secret({ title, text, value, close }: Props) {
  const { t } = useLanguage()
  return (
    <Notice tone="warn" title={title}>
      <p>{text}</p>
      <p className="copy-text">
        <code className="secret-value">{value}</code>
        <CopyButton value={value} of={title} />
      </p>
      <Button size="xs" variant="default" onClick={close}>
        {t('secret.close')}
      </Button>
    </Notice>
  )
}
