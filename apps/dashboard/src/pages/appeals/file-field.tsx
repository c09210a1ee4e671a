import { Input } from '@mantine/core'
import IconUpload from '@tabler/icons-react/dist/esm/icons/IconUpload.mjs'
import { useId, useState } from 'react'
import { useLanguage } from '../../texts/language.tsx'

const types = ['application/pdf', 'image/jpeg', 'image/png']
/** Cascade API, section 12. */
const bytes_max = 10_485_760

type Props = {
  readonly label: string
  /** How many may be chosen. */
  readonly several?: number
  readonly error: string | null | undefined
  /** The files that may be sent, and what is wrong with those that may not. */
  readonly onChange: (files: readonly File[], mistake: string | null) => void
}

/** PDF, JPEG or PNG. The server looks at the content again. */
export function FileField({ label, several = 1, error, onChange }: Props) {
  const { t } = useLanguage()
  const id = useId()
  const [names, setNames] = useState<readonly string[]>([])
  const mistakeOf = (files: readonly File[]): string | null => {
    if (files.some(({ type }) => !types.includes(type))) return t('file.wrong_type')
    if (files.some(({ size }) => size > bytes_max)) return t('file.too_large')
    if (files.some(({ size }) => size === 0)) return t('file.empty')
    return files.length > several ? t('file.too_many', { n: several }) : null
  }
  const take = (list: FileList | null): void => {
    const files = [...(list ?? [])]
    const mistake = mistakeOf(files)
    setNames(files.map(({ name }) => name))
    onChange(mistake === null ? files : [], mistake)
  }
  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      description={several > 1 ? t('file.some', { n: several }) : t('file.one')}
      error={error}
      descriptionProps={{ id: `${id}-description` }}
      errorProps={{ id: `${id}-error` }}
    >
      <div className="file">
        <label className="file-choose">
          <input
            type="file"
            className="hidden-text"
            accept={types.join(',')}
            multiple={several > 1}
            aria-label={label}
            aria-describedby={`${id}-description${error ? ` ${id}-error` : ''}`}
            aria-invalid={Boolean(error)}
            onChange={(event) => take(event.currentTarget.files)}
          />
          <IconUpload size={16} aria-hidden />
          {t(several > 1 ? 'file.choose_some' : 'file.choose')}
        </label>
        <span className="break small">{names.join(', ')}</span>
      </div>
    </Input.Wrapper>
  )
}

/** The file as the API takes it. */
export async function readChosen(file: File): Promise<{ name: string; content_base64: string }> {
  const content = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
  return { name: file.name, content_base64: content.slice(content.indexOf(',') + 1) }
}
