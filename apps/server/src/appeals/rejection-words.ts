/** Why a provider does not agree, as a payer reads it on his page and in his mails. */
import type { Locale } from '../directory/service.ts'
import type { RejectionReason } from './appeal.ts'

export const rejectionWords: Readonly<Record<Locale, Readonly<Record<RejectionReason, string>>>> = {
  en: {
    payment_not_found: 'The transfer was not found at the recipient’s bank.',
    amount_differs: 'Another amount arrived.',
    wrong_requisites: 'The transfer went to other details.',
    already_credited: 'This transfer has been credited already.',
    receipt_invalid: 'The receipt did not help to find the transfer.',
    other: 'The recipient did not confirm the transfer.',
  },
  ru: {
    payment_not_found: 'Перевод не нашли в банке получателя.',
    amount_differs: 'Поступила другая сумма.',
    wrong_requisites: 'Перевод отправлен на другие реквизиты.',
    already_credited: 'Этот перевод уже зачтён.',
    receipt_invalid: 'По чеку не удалось найти перевод.',
    other: 'Получатель не подтвердил перевод.',
  },
  uk: {
    payment_not_found: 'Переказ не знайшли в банку отримувача.',
    amount_differs: 'Надійшла інша сума.',
    wrong_requisites: 'Переказ надіслано на інші реквізити.',
    already_credited: 'Цей переказ уже зараховано.',
    receipt_invalid: 'За квитанцією не вдалося знайти переказ.',
    other: 'Отримувач не підтвердив переказ.',
  },
}
