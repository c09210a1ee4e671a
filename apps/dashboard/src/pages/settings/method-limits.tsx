import { Checkbox, TextInput } from '@mantine/core'
import { useLanguage } from '../../texts/language.tsx'
import type { MethodDraft } from './terms-draft.ts'

type Name = 'min' | 'max' | 'daily_amount' | 'daily_count'

type Props = {
  readonly draft: MethodDraft
  readonly mistakeOf: (name: Name) => string | undefined
  readonly onChange: (draft: MethodDraft) => void
}

export function MethodLimits({ draft, mistakeOf, onChange }: Props) {
  const { t, word } = useLanguage()
  return (
    <fieldset className="method">
      <legend className="hidden-text">{word('method', draft.method)}</legend>
      <Checkbox
        label={word('method', draft.method)}
        checked={draft.enabled}
        onChange={(event) => onChange({ ...draft, enabled: event.currentTarget.checked })}
      />
      {draft.enabled && (
        <div className="fields">
          {(['min', 'max', 'daily_amount', 'daily_count'] as const).map((name) => (
            <TextInput
              key={name}
              size="sm"
              label={t(`limits.${name}`)}
              placeholder={t('limits.none')}
              inputMode={name === 'daily_count' ? 'numeric' : 'decimal'}
              autoComplete="off"
              value={draft[name]}
              onChange={(event) => onChange({ ...draft, [name]: event.currentTarget.value })}
              error={mistakeOf(name)}
            />
          ))}
        </div>
      )}
    </fieldset>
  )
}
