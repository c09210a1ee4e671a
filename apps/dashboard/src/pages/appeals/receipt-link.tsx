import IconPaperclip from '@tabler/icons-react/dist/esm/icons/IconPaperclip.mjs'
import type { AppealDetail } from '../../../../server/src/provider-api/appeal-documents.ts'
import { addressOf, modeQuery } from '../../api/client.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'

type File = NonNullable<AppealDetail['receipt']>

const unit_bytes = 1_024

export function ReceiptLink({ appeal_id, file }: { readonly appeal_id: string; readonly file: File }) {
  const { t, language } = useLanguage()
  const mode = useMode()
  const path = `/appeals/${encodeURIComponent(appeal_id)}/files/${encodeURIComponent(file.receipt_id)}`
  const power = file.bytes < unit_bytes ? 0 : file.bytes < unit_bytes ** 2 ? 1 : 2
  const unit = ['byte', 'kilobyte', 'megabyte'][power] ?? 'byte'
  const size = new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    maximumFractionDigits: 1,
  }).format(file.bytes / unit_bytes ** power)
  return (
    <a className="file-link" href={addressOf(path, modeQuery(mode))} target="_blank" rel="noreferrer">
      <IconPaperclip size={16} aria-hidden />
      {t('appeal.open_file')} <span className="dimmed small">{`${file.kind.toUpperCase()}, ${size}`}</span>
    </a>
  )
}
