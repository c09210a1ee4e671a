import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AppealDetail, AppealMessage } from '../../../../server/src/provider-api/appeal-documents.ts'
import { callApi, modeQuery } from '../../api/client.ts'
import { FormFailure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { useMay } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { FileField, readChosen } from './file-field.tsx'
import { ReceiptLink } from './receipt-link.tsx'

type Props = { readonly appeal_id: string; readonly thread: AppealDetail['thread'] }

const files_max = 5

export function Thread({ appeal_id, thread }: Props) {
  const { t, word } = useLanguage()
  const may = useMay('trading')
  return (
    <>
      {thread.length === 0 && <p className="dimmed">{t('thread.none')}</p>}
      <ol className="thread">
        {thread.map((message) => (
          <li key={message.id} data-from={message.from}>
            <div className="thread-head">
              <strong>{word('side', message.from)}</strong>{' '}
              <span className="dimmed small">
                <Moment at={message.at} seconds />
              </span>
            </div>
            {message.text !== '' && (
              <p className="pre-line break">
                {message.from === 'system' ? word('thread_text', message.text) : message.text}
              </p>
            )}
            {message.files.map((file) => (
              <div key={file.receipt_id}>
                <ReceiptLink appeal_id={appeal_id} file={file} />
              </div>
            ))}
          </li>
        ))}
      </ol>
      {may && <NewMessage appeal_id={appeal_id} />}
    </>
  )
}

function NewMessage({ appeal_id }: { readonly appeal_id: string }) {
  const { t } = useLanguage()
  const mode = useMode()
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [files, setFiles] = useState<readonly File[]>([])
  const [fileMistake, setFileMistake] = useState<string | null>(null)
  const [round, setRound] = useState(0)
  const send = useMutation({
    mutationFn: async () => {
      const body: AppealMessage = {
        text: text.trim(),
        ...(files.length > 0 ? { files: await Promise.all(files.map(readChosen)) } : {}),
      }
      return callApi(`/appeals/${encodeURIComponent(appeal_id)}/messages`, {
        method: 'POST',
        query: modeQuery(mode),
        body,
      })
    },
    onSuccess: async () => {
      setText('')
      setFiles([])
      // A file field cannot be emptied but by a new one.
      setRound((before) => before + 1)
      await client.invalidateQueries({ queryKey: ['appeal'] })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '' && fileMistake === null) send.mutate()
  }
  return (
    <form className="form" onSubmit={submit}>
      <Textarea
        label={t('thread.message')}
        autosize
        minRows={2}
        maxLength={1000}
        required
        withAsterisk={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <FileField
        key={round}
        label={t('thread.files')}
        several={files_max}
        error={fileMistake}
        onChange={(chosen, mistake) => {
          setFiles(chosen)
          setFileMistake(mistake)
        }}
      />
      <FormFailure error={send.error} />
      <div className="form-actions">
        <Button type="submit" loading={send.isPending}>
          {t('thread.send')}
        </Button>
      </div>
    </form>
  )
}
