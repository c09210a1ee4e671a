import { Button, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { readTypedAmount } from '../../amounts/decimal.ts'
import { Filters } from '../../parts/filters.tsx'
import { PeriodFilter } from '../../parts/period-filter.tsx'
import { useLanguage } from '../../texts/language.tsx'
import type { HistorySearch } from './history-page.tsx'

const states = [
  'requested',
  'issued',
  'success',
  'refused',
  'violation',
  'not_sent',
  'unknown',
  'failed',
  'expired',
  'cancelled',
]
const flags = ['claimed', 'late', 'orphan', 'appeal_open', 'early_failure', 'cancel_undelivered']
const methods = ['card', 'sbp', 'account']
const decimals_max = 8

type Props = {
  readonly search: HistorySearch
  readonly onChange: (next: HistorySearch) => void
  /** `null` = nothing is filtered. */
  readonly onClear: (() => void) | null
}

export function HistoryFilters({ search, onChange, onClear }: Props) {
  const { t, word } = useLanguage()
  const choice = (name: 'state' | 'method' | 'flag', kind: string, codes: readonly string[]) => (
    <NativeSelect
      size="sm"
      label={t(`filter.${name}`)}
      value={search[name] ?? ''}
      onChange={(event) => onChange({ [name]: event.currentTarget.value || undefined })}
      data={[{ value: '', label: t('filter.any') }, ...codes.map((value) => ({ value, label: word(kind, value) }))]}
    />
  )
  return (
    <Filters active={Object.values(search).filter((value) => value !== undefined).length}>
      <PeriodFilter days={search} onChange={onChange} />
      {choice('state', 'state', states)}
      {choice('method', 'method', methods)}
      {choice('flag', 'flag', flags)}
      <TypedFilter
        label={t('filter.amount')}
        value={search.amount}
        numeric
        read={(typed) => {
          const read = readTypedAmount(typed, decimals_max)
          return 'amount' in read ? read : { mistake: t(`amount.${read.mistake}`) }
        }}
        onChange={(amount) => onChange({ amount })}
      />
      <TypedFilter
        label={t('filter.id')}
        value={search.id}
        read={(typed) => ({ amount: typed })}
        onChange={(id) => onChange({ id })}
      />
      {onClear !== null && (
        <Button size="sm" variant="subtle" onClick={onClear}>
          {t('filter.clear')}
        </Button>
      )}
    </Filters>
  )
}

type Typed = {
  readonly label: string
  readonly value: string | undefined
  readonly numeric?: boolean
  readonly read: (typed: string) => { readonly amount: string } | { readonly mistake: string }
  readonly onChange: (value: string | undefined) => void
}

/** Counts when Enter is pressed or the field is left, so that nobody waits for answers to half an id. */
function TypedFilter({ label, value, numeric = false, read, onChange }: Typed) {
  const [typed, setTyped] = useState(value ?? '')
  const [mistake, setMistake] = useState<string | null>(null)
  useEffect(() => {
    setTyped(value ?? '')
    setMistake(null)
  }, [value])
  const take = (): void => {
    const text = typed.trim()
    const result = text === '' ? null : read(text)
    setMistake(result !== null && 'mistake' in result ? result.mistake : null)
    if (result !== null && 'mistake' in result) return
    const next = result?.amount
    if (next !== undefined) setTyped(next)
    if (next !== value) onChange(next)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    take()
  }
  return (
    <form onSubmit={submit}>
      <TextInput
        size="sm"
        label={label}
        value={typed}
        error={mistake}
        inputMode={numeric ? 'decimal' : 'text'}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
      />
    </form>
  )
}
