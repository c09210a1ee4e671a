import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useLanguage } from '../texts/language.tsx'

const phone = '(max-width: 40em)'

/** Above a list. On a phone they are folded away, so that the list begins on the first screen. */
export function Filters({ active, children }: { readonly active: number; readonly children: ReactNode }) {
  const { t } = useLanguage()
  const isPhone = useMediaQuery(phone, window.matchMedia(phone).matches, { getInitialValueInEffect: false })
  const fields = <search className="filters">{children}</search>
  if (!isPhone) return fields
  return (
    <details className="filters-fold">
      <summary>{active === 0 ? t('filter.title') : t('filter.active', { n: active })}</summary>
      {fields}
    </details>
  )
}
