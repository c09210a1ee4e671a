import { Button } from '@mantine/core'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import { useMutation } from '@tanstack/react-query'
import { callApi } from '../api/client.ts'
import { useLanguage } from '../texts/language.tsx'
import { useFailureText } from './failure.tsx'
import { tellFailure } from './tell.tsx'

/** Downloads a file; first sees that somebody is still signed in, because the file itself cannot say so. */
export function DownloadButton({ address, label }: { readonly address: string; readonly label: string }) {
  const { t } = useLanguage()
  const text = useFailureText()
  const download = useMutation({
    mutationFn: () => callApi('/me'),
    onSuccess: () => location.assign(address),
    onError: (error) => tellFailure(t('failure.not_done'), text(error)),
  })
  return (
    <Button
      variant="default"
      size="sm"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={download.isPending}
      onClick={() => download.mutate()}
    >
      {label}
    </Button>
  )
}
