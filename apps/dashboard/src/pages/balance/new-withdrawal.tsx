import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Destination, WithdrawalOrder } from '../../../../server/src/provider-api/balance-documents.ts'
import { compareDecimals, readTypedAmount } from '../../amounts/decimal.ts'
import { ApiFailure, callApi, modeQuery } from '../../api/client.ts'
import { Amount } from '../../parts/amount.tsx'
import { FormFailure } from '../../parts/failure.tsx'
import { NotAllowed } from '../../parts/not-allowed.tsx'
import { tellDone } from '../../parts/tell.tsx'
import { useMay, useMe } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { AmountField, useAmountMistake } from './amount-field.tsx'
import { balanceQuery } from './balance-line.tsx'

export function NewWithdrawal({ destinations }: { readonly destinations: readonly Destination[] }) {
  const { t } = useLanguage()
  const may = useMay('finance')
  const usable = destinations.filter(({ usable_from }) => new Date(usable_from) <= new Date())
  if (!may) return <NotAllowed needs="finance" />
  if (usable.length === 0) {
    return <p>{t(destinations.length === 0 ? 'withdrawal.no_destination' : 'withdrawal.destination_waits')}</p>
  }
  return <WithdrawalForm usable={usable} />
}

function WithdrawalForm({ usable }: { readonly usable: readonly Destination[] }) {
  const { t } = useLanguage()
  const mode = useMode()
  const { provider } = useMe()
  const client = useQueryClient()
  const amountMistake = useAmountMistake()
  const { data: balance } = useQuery(balanceQuery(mode))
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState('')
  const [tried, setTried] = useState(false)
  const read = readTypedAmount(typed, provider.settlement_scale)
  const isTooMuch = balance !== undefined && 'amount' in read && compareDecimals(read.amount, balance.available) > 0
  const destination_id = chosen === '' && usable.length === 1 ? (usable[0]?.id ?? '') : chosen
  const order = useMutation({
    mutationFn: (body: WithdrawalOrder) =>
      callApi<unknown>('/withdrawals', { method: 'POST', query: modeQuery(mode), body }),
    onSuccess: () => {
      setTyped('')
      setTried(false)
      tellDone(t('withdrawal.ordered'))
    },
    onSettled: () =>
      Promise.all(
        [['withdrawals'], ['balance'], ['overview'], ['statement']].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  })
  const fields = order.error instanceof ApiFailure ? order.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if ('amount' in read && !isTooMuch && destination_id !== '') order.mutate({ amount: read.amount, destination_id })
  }
  const mistake = isTooMuch ? t('withdrawal.too_much') : tried ? amountMistake(read) : null
  return (
    <form className="form" onSubmit={submit} noValidate>
      <AmountField
        label={t('withdrawal.amount')}
        currency={provider.settlement_currency}
        decimals={provider.settlement_scale}
        value={typed}
        onChange={setTyped}
        error={mistake ?? fields.amount}
        aside={
          balance !== undefined && compareDecimals(balance.available, '0') > 0 ? (
            <button type="button" className="link small" onClick={() => setTyped(balance.available)}>
              {t('withdrawal.all')} <Amount value={balance.available} currency={balance.currency} />
            </button>
          ) : null
        }
      />
      <NativeSelect
        label={t('withdrawal.destination')}
        value={destination_id}
        onChange={(event) => setChosen(event.currentTarget.value)}
        error={tried && destination_id === '' ? t('form.required') : fields.destination_id}
        data={[
          ...(destination_id === '' ? [{ value: '', label: t('form.choose') }] : []),
          ...usable.map(({ id, label, address }) => ({ value: id, label: `${label} · ${address}` })),
        ]}
      />
      <p className="dimmed small">{t('withdrawal.two_persons')}</p>
      <FormFailure error={order.error} />
      <Button type="submit" loading={order.isPending}>
        {t('withdrawal.submit')}
      </Button>
    </form>
  )
}
