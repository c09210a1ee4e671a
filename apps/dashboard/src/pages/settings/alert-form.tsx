import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AlertChange } from '../../../../server/src/provider-api/connection-documents.ts'
import type { Balance } from '../../../../server/src/provider-api/documents.ts'
import { readTypedAmount } from '../../amounts/decimal.ts'
import { ApiFailure, callApi } from '../../api/client.ts'
import { Amount } from '../../parts/amount.tsx'
import { FormFailure } from '../../parts/failure.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { NotAllowed } from '../../parts/not-allowed.tsx'
import { Section } from '../../parts/page.tsx'
import { tellDone } from '../../parts/tell.tsx'
import { useIsOwner, useMe } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { AmountField, useAmountMistake } from '../balance/amount-field.tsx'
import { balanceQuery } from '../balance/balance-line.tsx'

/** Below what balance the provider is told. It belongs to the balance, not to one endpoint. */
export function AlertSection() {
  const { t } = useLanguage()
  const isOwner = useIsOwner()
  const balance = useQuery(balanceQuery(useMode()))
  return (
    <Section title={t('alert.title')}>
      <p className="dimmed">{t('alert.text')}</p>
      <Loaded query={balance} lines={2}>
        {(data) =>
          isOwner ? (
            <AlertForm balance={data} />
          ) : (
            <>
              <p>
                <Amount value={data.low_balance_alert} currency={data.currency} />
              </p>
              <NotAllowed needs="owner" />
            </>
          )
        }
      </Loaded>
    </Section>
  )
}

function AlertForm({ balance }: { readonly balance: Balance }) {
  const { t } = useLanguage()
  const { provider } = useMe()
  const client = useQueryClient()
  const amountMistake = useAmountMistake()
  const [typed, setTyped] = useState(balance.low_balance_alert)
  const [tried, setTried] = useState(false)
  const read = /^\s*0*([.,]0*)?\s*$/.test(typed) ? { amount: '0' } : readTypedAmount(typed, provider.settlement_scale)
  const save = useMutation({
    mutationFn: (body: AlertChange) => callApi<AlertChange>('/alerts', { method: 'PUT', body }),
    onSuccess: async (saved) => {
      setTyped(saved.low_balance_alert)
      setTried(false)
      tellDone(t('terms.saved'))
      await Promise.all([['balance'], ['overview']].map((queryKey) => client.invalidateQueries({ queryKey })))
    },
  })
  const fields = save.error instanceof ApiFailure ? save.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if ('amount' in read) save.mutate({ low_balance_alert: read.amount })
  }
  return (
    <form className="form form-narrow" onSubmit={submit} noValidate>
      <AmountField
        label={t('alert.amount')}
        currency={provider.settlement_currency}
        decimals={provider.settlement_scale}
        value={typed}
        onChange={setTyped}
        error={(tried ? amountMistake(read) : null) ?? fields.low_balance_alert}
      />
      <FormFailure error={save.error} />
      <div className="form-actions">
        <Button type="submit" variant="default" loading={save.isPending}>
          {t('alert.submit')}
        </Button>
      </div>
    </form>
  )
}
