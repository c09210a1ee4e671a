import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { TopUp, TopUpOrder, TopUps } from '../../../../server/src/provider-api/balance-documents.ts'
import { readTypedAmount } from '../../amounts/decimal.ts'
import { ApiFailure, callApi, modeQuery } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { Amount } from '../../parts/amount.tsx'
import { StateBadge } from '../../parts/badge.tsx'
import { ConfirmButton } from '../../parts/confirm-button.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { FormFailure } from '../../parts/failure.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { More } from '../../parts/more.tsx'
import { NotAllowed } from '../../parts/not-allowed.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { tellDone } from '../../parts/tell.tsx'
import { useMay, useMe } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { AmountField, useAmountMistake } from './amount-field.tsx'
import { BalanceLine } from './balance-line.tsx'
import { BalanceTabs } from './balance-tabs.tsx'
import { OrderedAt } from './ordered-at.tsx'

export function TopUpsPage() {
  const { t } = useLanguage()
  return (
    <Page title={t('balance.title')}>
      <BalanceTabs />
      <BalanceLine />
      <div className="columns" data-narrow-first>
        <NewTopUp />
        <Orders />
      </div>
    </Page>
  )
}

function NewTopUp() {
  const { t } = useLanguage()
  const { provider, top_up_instructions } = useMe()
  const mode = useMode()
  const may = useMay('finance')
  const client = useQueryClient()
  const amountMistake = useAmountMistake()
  const [typed, setTyped] = useState('')
  const [reference, setReference] = useState('')
  const [tried, setTried] = useState(false)
  const read = readTypedAmount(typed, provider.settlement_scale)
  const order = useMutation({
    mutationFn: (body: TopUpOrder) => callApi<unknown>('/top-ups', { method: 'POST', query: modeQuery(mode), body }),
    onSuccess: async () => {
      setTyped('')
      setReference('')
      setTried(false)
      tellDone(t('top_up.ordered'))
      await client.invalidateQueries({ queryKey: ['top-ups'] })
    },
  })
  const fields = order.error instanceof ApiFailure ? order.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if ('amount' in read && reference.trim() !== '') order.mutate({ amount: read.amount, reference: reference.trim() })
  }
  return (
    <Section title={t('top_up.new')}>
      <div className="instructions">
        <h3 className="minor-title">{t('top_up.how')}</h3>
        <p className="pre-line">{top_up_instructions === '' ? t('top_up.how_default') : top_up_instructions}</p>
      </div>
      {!may ? (
        <NotAllowed needs="finance" />
      ) : (
        <form className="form" onSubmit={submit} noValidate>
          <AmountField
            label={t('top_up.amount')}
            currency={provider.settlement_currency}
            decimals={provider.settlement_scale}
            value={typed}
            onChange={setTyped}
            error={(tried ? amountMistake(read) : null) ?? fields.amount}
          />
          <TextInput
            label={t('top_up.reference')}
            description={t('top_up.reference_note')}
            maxLength={140}
            autoComplete="off"
            value={reference}
            onChange={(event) => setReference(event.currentTarget.value)}
            error={tried && reference.trim() === '' ? t('form.required') : fields.reference}
          />
          <FormFailure error={order.error} />
          <Button type="submit" loading={order.isPending}>
            {t('top_up.submit')}
          </Button>
        </form>
      )}
    </Section>
  )
}

function Orders() {
  const { t } = useLanguage()
  const mode = useMode()
  const may = useMay('finance')
  const orders = usePages<TopUps>(['top-ups'], '/top-ups', modeQuery(mode), 20_000)
  return (
    <Section title={t('top_up.list')} flush>
      <Loaded query={orders}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.top_ups)
          if (rows.length === 0) return <Empty title={t('top_up.none')}>{t('top_up.none_text')}</Empty>
          return (
            <>
              <DataTable
                label={t('top_up.list')}
                rows={rows}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: 'at',
                    title: t('payment.time'),
                    cell: ({ created_at, ordered_by }) => <OrderedAt at={created_at} by={ordered_by} />,
                    card: 'title',
                  },
                  {
                    key: 'status',
                    title: t('payment.state'),
                    cell: (row) => <StateBadge kind="top_up" code={row.status} />,
                    card: 'side',
                  },
                  {
                    key: 'amount',
                    title: t('payment.amount'),
                    cell: ({ amount, currency }) => <Amount value={amount} currency={currency} />,
                    end: true,
                  },
                  { key: 'reference', title: t('top_up.reference'), cell: (row) => <Reference of={row} /> },
                  ...(may ? [{ key: 'act', title: t('orders.act'), cell: (row: TopUp) => <Cancel of={row} /> }] : []),
                ]}
              />
              <More query={orders} />
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

function Reference({ of: { reference, note } }: { readonly of: TopUp }) {
  return (
    <span className="two-lines">
      <span className="break">{reference}</span>
      {note !== null && <span className="dimmed small break">{note}</span>}
    </span>
  )
}

function Cancel({ of: { id, status } }: { readonly of: TopUp }) {
  const { t } = useLanguage()
  const mode = useMode()
  if (status !== 'created') return null
  return (
    <ConfirmButton
      label={t('orders.cancel')}
      question={t('top_up.cancel_question')}
      path={`/top-ups/${encodeURIComponent(id)}/cancel`}
      query={modeQuery(mode)}
      stale={[['top-ups']]}
      done={t('orders.cancelled')}
    />
  )
}
