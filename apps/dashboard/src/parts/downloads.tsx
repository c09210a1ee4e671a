import { Button } from '@mantine/core'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import { useMutation } from '@tanstack/react-query'
import { addressOf, callApi, fetchFile, type Query } from '../api/client.ts'
import { useLanguage } from '../texts/language.tsx'
import { useFailureText } from './failure.tsx'
import { tellFailure } from './tell.tsx'

/** What is shown, as files: CSV of any length, and a spreadsheet that the server makes as a whole. */
export function Downloads({
  path,
  name,
  query,
}: {
  readonly path: string
  readonly name: string
  readonly query: Query
}) {
  const { t } = useLanguage()
  const text = useFailureText()
  const onError = (error: unknown): void => tellFailure(t('failure.not_done'), text(error))
  // First sees that somebody is still signed in, because the file itself cannot say so.
  const csv = useMutation({
    mutationFn: () => callApi('/me'),
    onSuccess: () => location.assign(addressOf(`${path}.csv`, query)),
    onError,
  })
  const xlsx = useMutation({
    mutationFn: () => fetchFile(`${path}.xlsx`, query),
    onSuccess: (file) => save(file, `${name}.xlsx`),
    onError,
  })
  return (
    <Button.Group>
      <Button
        variant="default"
        size="sm"
        leftSection={<IconDownload size={16} aria-hidden />}
        aria-label={t('download.csv')}
        loading={csv.isPending}
        onClick={() => csv.mutate()}
      >
        CSV
      </Button>
      <Button
        variant="default"
        size="sm"
        aria-label={t('download.xlsx')}
        loading={xlsx.isPending}
        onClick={() => xlsx.mutate()}
      >
        XLSX
      </Button>
    </Button.Group>
  )
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
