import { Button, NativeSelect, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AppealDetail, AppealRejection } from '../../../../server/src/provider-api/appeal-documents.ts'
import { readTypedAmount } from '../../amounts/decimal.ts'
import { ApiFailure, callApi, modeQuery } from '../../api/client.ts'
import { Amount } from '../../parts/amount.tsx'
import { ConfirmButton } from '../../parts/confirm-button.tsx'
import { FormFailure } from '../../parts/failure.tsx'
import { NotAllowed } from '../../parts/not-allowed.tsx'
import { Section } from '../../parts/page.tsx'
import { tellDone } from '../../parts/tell.tsx'
import { useMay } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { AmountField, useAmountMistake } from '../balance/amount-field.tsx'
import { FileField, readChosen } from './file-field.tsx'

const reasons = [
  'payment_not_found',
  'amount_differs',
  'wrong_requisites',
  'already_credited',
  'receipt_invalid',
  'other',
] as const
const stale = [['appeal'], ['appeals'], ['overview'], ['balance'], ['statement'], ['payment']]
const decimals_max = 8

/** Accept or reject, while the provider is to say. */
export function Verdict({ of: { appeal, may_accept, may_reject } }: { readonly of: AppealDetail }) {
  const { t } = useLanguage()
  const mode = useMode()
  const may = useMay('trading')
  const [rejecting, form] = useDisclosure(false)
  if (!may_accept && !may_reject) return null
  return (
    <Section title={t('verdict.title')}>
      <p>{t('verdict.text')}</p>
      {!may ? (
        <NotAllowed needs="trading" />
      ) : rejecting ? (
        <Rejection appeal={appeal} close={form.close} />
      ) : (
        <div className="form-actions">
          {may_accept && (
            <ConfirmButton
              label={t('verdict.accept')}
              primary
              question={
                <>
                  {t('verdict.accept_question')} <Amount value={appeal.amount} currency={appeal.currency} />.
                </>
              }
              path={`/appeals/${encodeURIComponent(appeal.id)}/accept`}
              query={modeQuery(mode)}
              stale={stale}
              done={t('verdict.accepted')}
            />
          )}
          {may_reject && (
            <Button variant="default" onClick={form.open}>
              {t('verdict.reject')}
            </Button>
          )}
        </div>
      )}
    </Section>
  )
}

function Rejection({ appeal, close }: { readonly appeal: AppealDetail['appeal']; readonly close: () => void }) {
  const { t, word } = useLanguage()
  const mode = useMode()
  const client = useQueryClient()
  const amountMistake = useAmountMistake()
  const [reason, setReason] = useState<AppealRejection['reason'] | ''>('')
  const [text, setText] = useState('')
  const [seen, setSeen] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [fileMistake, setFileMistake] = useState<string | null>(null)
  const [tried, setTried] = useState(false)
  const read = readTypedAmount(seen, decimals_max)
  const reject = useMutation({
    mutationFn: async () => {
      if (reason === '' || file === null) throw new Error('the form is not whole')
      const body: AppealRejection = {
        reason,
        ...(text.trim() === '' ? {} : { text: text.trim() }),
        ...(reason === 'amount_differs' && 'amount' in read ? { amount_seen: read.amount } : {}),
        evidence: await readChosen(file),
      }
      return callApi(`/appeals/${encodeURIComponent(appeal.id)}/reject`, {
        method: 'POST',
        query: modeQuery(mode),
        body,
      })
    },
    onSuccess: async () => {
      tellDone(t('verdict.rejected'))
      await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })))
    },
  })
  const fields = reject.error instanceof ApiFailure ? reject.error.fields : {}
  const isWhole =
    reason !== '' &&
    file !== null &&
    (reason !== 'amount_differs' || 'amount' in read) &&
    (reason !== 'other' || text.trim() !== '')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (isWhole) reject.mutate()
  }
  return (
    <form className="form" onSubmit={submit} noValidate>
      <NativeSelect
        label={t('verdict.reason')}
        value={reason}
        onChange={(event) => setReason(reasons.find((one) => one === event.currentTarget.value) ?? '')}
        error={tried && reason === '' ? t('form.required') : fields.reason}
        data={[
          ...(reason === '' ? [{ value: '', label: t('form.choose') }] : []),
          ...reasons.map((value) => ({ value, label: word('reject_reason', value) })),
        ]}
      />
      {reason === 'amount_differs' && (
        <AmountField
          label={t('verdict.amount_seen')}
          currency={appeal.currency}
          decimals={decimals_max}
          value={seen}
          onChange={setSeen}
          error={(tried ? amountMistake(read) : null) ?? fields.amount_seen}
        />
      )}
      <Textarea
        label={t(reason === 'other' ? 'verdict.text_needed' : 'verdict.text_wished')}
        autosize
        minRows={2}
        maxLength={1000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={tried && reason === 'other' && text.trim() === '' ? t('form.required') : fields.text}
      />
      <FileField
        label={t('verdict.evidence')}
        error={fileMistake ?? (tried && file === null ? t('verdict.evidence_needed') : fields.evidence)}
        onChange={([chosen], mistake) => {
          setFile(chosen ?? null)
          setFileMistake(mistake)
        }}
      />
      <FormFailure error={reject.error} />
      <div className="form-actions">
        <Button type="submit" loading={reject.isPending}>
          {t('verdict.reject')}
        </Button>
        <Button variant="default" onClick={close}>
          {t('form.cancel')}
        </Button>
      </div>
    </form>
  )
}
