import { Button, NativeSelect, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type {
  Connection,
  ConsoleCall,
  ConsoleResult,
} from '../../../../server/src/provider-api/connection-documents.ts'
import { ApiFailure, callApi, modeQuery } from '../../api/client.ts'
import { FormFailure } from '../../parts/failure.tsx'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import type { Which } from './console-page.tsx'
import { type EventName, eventData, events } from './event-data.ts'

type Props = {
  readonly connection: Connection
  readonly which: Which
  /** Of the call before, so that the next one can go on with it. */
  readonly reference: string | null
  readonly done: (calls: readonly ConsoleCall[]) => void
}

export function EventForm({ connection, which, reference, done }: Props) {
  const { t } = useLanguage()
  const mode = useMode()
  const [event, setEvent] = useState<EventName>('CREATE_PAYMENT')
  const [text, setText] = useState(() => eventData('CREATE_PAYMENT', connection, null))
  const [mistake, setMistake] = useState<string | null>(null)
  const send = useMutation({
    // The data goes out as it was typed: read and written again, 3900.00 would be another text.
    mutationFn: () =>
      callApi<ConsoleResult>(`/connections/${connection.gateway_id}/console`, {
        method: 'POST',
        query: modeQuery(mode),
        json: `{"event":${JSON.stringify(event)},"endpoint":${JSON.stringify(which)},"data":${text}}`,
      }),
    onSuccess: ({ calls }) => done(calls),
  })
  const fields = send.error instanceof ApiFailure ? Object.entries(send.error.fields) : []
  const choose = (next: EventName): void => {
    setEvent(next)
    setText(eventData(next, connection, reference))
    setMistake(null)
  }
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    const problem = problemOf(text)
    setMistake(problem === null ? null : `${t('console.bad_json')} ${problem}`)
    if (problem === null) send.mutate()
  }
  return (
    <form className="form" onSubmit={submit}>
      <NativeSelect
        label={t('console.choose')}
        value={event}
        onChange={(changed) => choose(events.find((one) => one === changed.currentTarget.value) ?? 'CREATE_PAYMENT')}
        data={[...events]}
      />
      <Textarea
        className="json"
        label={t('console.data')}
        autosize
        minRows={7}
        spellCheck={false}
        value={text}
        onChange={(changed) => setText(changed.currentTarget.value)}
        error={mistake}
      />
      {fields.length > 0 ? (
        <ul className="row-note" data-tone="bad" role="alert">
          {fields.map(([name, message]) => (
            <li key={name}>
              <code>{name}</code>: {message}
            </li>
          ))}
        </ul>
      ) : (
        <FormFailure error={send.error} />
      )}
      <div className="form-actions">
        <Button type="submit" loading={send.isPending}>
          {t('console.send')}
        </Button>
        <Button variant="default" onClick={() => choose(event)}>
          {t('console.reset')}
        </Button>
      </div>
    </form>
  )
}

function problemOf(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? null : '{ … }'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
