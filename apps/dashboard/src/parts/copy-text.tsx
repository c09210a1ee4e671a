import { ActionIcon } from '@mantine/core'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs'
import { useState } from 'react'
import { useLanguage } from '../texts/language.tsx'

const shown_ms = 1_500

/** The button is there only where the browser lets pages copy: over https and on this machine. */
export function CopyButton({ value, of }: { readonly value: string; readonly of: string }) {
  const { t } = useLanguage()
  const [done, setDone] = useState(false)
  if (navigator.clipboard === undefined) return null
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value)
    setDone(true)
    setTimeout(() => setDone(false), shown_ms)
  }
  const label = done ? t('copy.done') : t('copy.of', { what: of })
  return (
    <ActionIcon
      className="copy"
      variant="subtle"
      color="gray"
      size="sm"
      aria-label={label}
      title={label}
      onClick={copy}
    >
      {done ? <IconCheck size={14} /> : <IconCopy size={14} />}
    </ActionIcon>
  )
}

/** An id, in full, with a button to copy it. */
export function CopyText({ value, of }: { readonly value: string; readonly of: string }) {
  return (
    <span className="copy-text">
      <code className="id">{value}</code>
      <CopyButton value={value} of={of} />
    </span>
  )
}
