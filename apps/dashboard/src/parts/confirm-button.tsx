import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { callApi, type Query } from '../api/client.ts'
import { useLanguage } from '../texts/language.tsx'
import { Dialog } from './dialog.tsx'
import { FormFailure } from './failure.tsx'
import { tellDone } from './tell.tsx'

type Props = {
  readonly label: string
  readonly question: ReactNode
  readonly primary?: boolean
  readonly path: string
  readonly method?: 'POST' | 'PATCH'
  readonly body?: unknown
  readonly query?: Query
  /** What is to be asked for again afterwards. */
  readonly stale: readonly QueryKey[]
  readonly done: string
  readonly onAnswer?: (answer: unknown) => void
}

/** A button that asks before it changes something. */
export function ConfirmButton({
  label,
  question,
  path,
  method = 'POST',
  body,
  query,
  stale,
  done,
  primary = false,
  onAnswer,
}: Props) {
  const { t } = useLanguage()
  const client = useQueryClient()
  const [open, modal] = useDisclosure(false)
  const change = useMutation({
    mutationFn: () => callApi(path, { method, body, query }),
    onSuccess: (answer) => {
      modal.close()
      onAnswer?.(answer)
      tellDone(done)
    },
    onSettled: () => Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
  return (
    <>
      <Button size={primary ? 'sm' : 'compact-sm'} variant={primary ? 'filled' : 'default'} onClick={modal.open}>
        {label}
      </Button>
      <Dialog opened={open} close={modal.close} title={label}>
        <div className="form">
          <div>{question}</div>
          <FormFailure error={change.error} />
          <div className="form-actions">
            <Button loading={change.isPending} onClick={() => change.mutate()} data-autofocus>
              {label}
            </Button>
            <Button variant="default" onClick={modal.close}>
              {t('form.keep')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
