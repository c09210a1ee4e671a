import { TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { readTypedAmount, type TypedAmount } from '../../amounts/decimal.ts'
import { amountText } from '../../parts/amount.tsx'
import { useLanguage } from '../../texts/language.tsx'

type Props = {
  readonly label: string
  readonly currency: string
  readonly decimals: number
  readonly value: string
  readonly onChange: (typed: string) => void
  readonly error: ReactNode
  readonly disabled?: boolean
  readonly aside?: ReactNode
}

/** Text, never a number field: those turn money into floats. Below it stands how the amount was understood. */
export function AmountField({ label, currency, decimals, value, onChange, error, disabled = false, aside }: Props) {
  const { t, language } = useLanguage()
  const read = readTypedAmount(value, decimals)
  const understood = 'amount' in read ? `= ${amountText(read.amount, language, 0)} ${currency}` : ' '
  return (
    <div className="amount-field">
      <TextInput
        label={label}
        inputMode="decimal"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
        disabled={disabled}
        rightSection={<span className="dimmed small">{currency}</span>}
        rightSectionWidth={64}
        description={value.trim() === '' ? t('amount.hint') : understood}
      />
      {aside}
    </div>
  )
}

/** The sentence for an amount that cannot be taken; `null` = it can. */
export function useAmountMistake(): (read: TypedAmount) => string | null {
  const { t } = useLanguage()
  return (read) => ('amount' in read ? null : t(`amount.${read.mistake}`))
}
