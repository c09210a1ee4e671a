/** From a day to a day, both included, chosen in a calendar. */
import '@mantine/dates/styles.css'
import 'dayjs/locale/ru.js'
import 'dayjs/locale/uk.js'
import { DatePickerInput, DatesProvider } from '@mantine/dates'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { useLanguage } from '../texts/language.tsx'
import { type Days, day } from './days.ts'

export function PeriodFilter({ days, onChange }: { readonly days: Days; readonly onChange: (days: Days) => void }) {
  const { t, language } = useLanguage()
  const given: [string | null, string | null] = [days.from ?? null, days.to ?? null]
  // Between the two clicks of a range only its first day is known: the list waits for the second.
  const [half, setHalf] = useState<[string | null, string | null] | null>(null)
  // Beside the calendar they are wider than a phone.
  const isPhone = useMediaQuery('(max-width: 30em)')
  const presets: { value: [string, string]; label: string }[] = [
    { value: [day(0), day(0)], label: t('filter.today') },
    { value: [day(1), day(1)], label: t('filter.yesterday') },
    { value: [day(6), day(0)], label: t('filter.week') },
    { value: [day(29), day(0)], label: t('filter.month') },
  ]
  return (
    <DatesProvider settings={{ locale: language, weekendDays: [] }}>
      <DatePickerInput
        type="range"
        size="sm"
        label={t('filter.period')}
        placeholder={t('filter.all_time')}
        valueFormat="DD MMM YYYY"
        hideOutsideDates
        allowSingleDateInRange
        clearable
        popoverProps={{ withRoles: false, withinPortal: false }}
        clearButtonProps={{ 'aria-label': t('filter.clear_period') }}
        value={half ?? given}
        maxDate={day(0)}
        onChange={([from, to]) => {
          const complete = (from === null) === (to === null)
          setHalf(complete ? null : [from, to])
          if (complete) onChange({ from: from ?? undefined, to: to ?? undefined })
        }}
        onDropdownClose={() => setHalf(null)}
        {...(isPhone ? {} : { presets })}
        ariaLabels={{
          previousMonth: t('filter.previous_month'),
          nextMonth: t('filter.next_month'),
          previousYear: t('filter.previous_year'),
          nextYear: t('filter.next_year'),
          monthLevelControl: t('filter.choose_month'),
          yearLevelControl: t('filter.choose_year'),
        }}
      />
    </DatesProvider>
  )
}
