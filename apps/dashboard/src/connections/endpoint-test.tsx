import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TestRequest, TestResult } from '../../../server/src/provider-api/connection-documents.ts'
import { callApi, modeQuery } from '../api/client.ts'
import { FormFailure } from '../parts/failure.tsx'
import { useMode } from '../shell/mode.ts'
import { useLanguage } from '../texts/language.tsx'
import { ConsoleCallView } from './console-call.tsx'

type Props = {
  readonly gateway_id: number
  readonly request: TestRequest
  readonly label: string
  readonly primary?: boolean
}

/** Asks the endpoint for requisites that nobody will pay, and cancels them. What waited is in use once that passes. */
export function EndpointTest({ gateway_id, request, label, primary = false }: Props) {
  const { t } = useLanguage()
  const mode = useMode()
  const client = useQueryClient()
  const test = useMutation({
    mutationFn: () =>
      callApi<TestResult>(`/connections/${gateway_id}/test`, { method: 'POST', query: modeQuery(mode), body: request }),
    onSettled: () =>
      Promise.all([['connections'], ['overview']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
  return (
    <div className="endpoint-test">
      <Button variant={primary ? 'filled' : 'default'} loading={test.isPending} onClick={() => test.mutate()}>
        {label}
      </Button>
      <FormFailure error={test.error} />
      {test.data !== undefined && <TestOutcome result={test.data} />}
      {test.isPending && (
        <p className="dimmed small" role="status">
          {t('test.running')}
        </p>
      )}
    </div>
  )
}

function TestOutcome({ result: { passed, activated, text, calls } }: { readonly result: TestResult }) {
  const { t } = useLanguage()
  const title = activated ? t('test.activated') : passed ? t('test.passed') : t('test.failed')
  return (
    <div className="outcome" data-tone={passed ? 'good' : 'bad'} role="status">
      <strong>{title}</strong>
      {!passed && <p className="break">{text}</p>}
      {calls.map((call, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the calls of one test never change
        <ConsoleCallView key={index} call={call} open={!passed && !call.done} />
      ))}
    </div>
  )
}
