/** What a payer reads about his appeal, in the language of his page. `{time}` and `{reason}` are filled in. */
import type { Locale } from '../../directory/service.ts'

export type PayerOccasion =
  | 'opened'
  | 'submitted'
  | 'accepted'
  | 'rejected'
  | 'arbitration'
  | 'confirmed'
  | 'cancelled'
  | 'withdrawn'
  | 'amount_accepted'
  | 'resolved_by_success'
  | 'message'

export type PayerWords = {
  readonly steps: Readonly<Record<PayerOccasion, readonly [title: string, text: string]>>
  readonly shop: string
  readonly amount: string
  readonly number: string
  readonly page: string
  readonly test: string
  readonly footer: string
}

const en: PayerWords = {
  steps: {
    opened: ['We have your request', 'Your message and the receipt have arrived. You will have an answer by {time}.'],
    submitted: ['Your transfer is being looked for', 'Your message and the receipt have been passed on.'],
    accepted: ['Your transfer was found', 'The payment will be credited shortly.'],
    rejected: [
      'The transfer was not confirmed',
      '{reason} If you do not agree, ask for another check on the page until {time}.',
    ],
    arbitration: ['Your transfer is being checked once more', 'We look into it ourselves and write to you again.'],
    confirmed: ['Your transfer was found', 'The payment has been credited.'],
    cancelled: ['The check is closed', 'The transfer was not credited. Please ask the shop or your bank.'],
    withdrawn: ['The request was withdrawn', 'The check is closed.'],
    amount_accepted: ['The amount is accepted', 'The check goes on with the amount that arrived.'],
    resolved_by_success: ['The payment has arrived', 'It has been credited, so the check is closed.'],
    message: ['A new message about your payment', 'You can read it on the page.'],
  },
  shop: 'Shop',
  amount: 'Amount you sent',
  number: 'Request number',
  page: 'Page',
  test: 'This was a test: no money moves.',
  footer: 'This mail was sent by a machine, there is no need to answer it.',
}

const ru: PayerWords = {
  steps: {
    opened: ['Обращение принято', 'Ваше сообщение и чек получены. Ответ будет до {time}.'],
    submitted: ['Ищем ваш перевод', 'Ваше сообщение и чек переданы на проверку.'],
    accepted: ['Перевод найден', 'Оплата скоро будет зачтена.'],
    rejected: [
      'Перевод не подтверждён',
      '{reason} Если вы не согласны, попросите на странице ещё одну проверку. Это можно сделать до {time}.',
    ],
    arbitration: ['Перевод проверяют ещё раз', 'Мы разбираемся сами и напишем вам, когда будет ответ.'],
    confirmed: ['Перевод найден', 'Оплата зачтена.'],
    cancelled: ['Проверка завершена', 'Перевод не зачтён. Обратитесь в магазин или в свой банк.'],
    withdrawn: ['Обращение отозвано', 'Проверка завершена.'],
    amount_accepted: ['Сумма принята', 'Проверка продолжится с поступившей суммой.'],
    resolved_by_success: ['Оплата поступила', 'Она зачтена, проверка завершена.'],
    message: ['Новое сообщение о вашей оплате', 'Прочитать его можно на странице.'],
  },
  shop: 'Магазин',
  amount: 'Отправленная сумма',
  number: 'Номер обращения',
  page: 'Страница',
  test: 'Это тестовый режим: деньги не движутся.',
  footer: 'Письмо отправлено автоматически, отвечать на него не нужно.',
}

const uk: PayerWords = {
  steps: {
    opened: ['Звернення прийнято', 'Ваше повідомлення та квитанцію отримано. Відповідь буде до {time}.'],
    submitted: ['Шукаємо ваш переказ', 'Ваше повідомлення та квитанцію передано на перевірку.'],
    accepted: ['Переказ знайдено', 'Оплату скоро буде зараховано.'],
    rejected: [
      'Переказ не підтверджено',
      '{reason} Якщо ви не згодні, попросіть на сторінці ще одну перевірку. Це можна зробити до {time}.',
    ],
    arbitration: ['Переказ перевіряють ще раз', 'Ми розбираємося самі й напишемо вам, коли буде відповідь.'],
    confirmed: ['Переказ знайдено', 'Оплату зараховано.'],
    cancelled: ['Перевірку завершено', 'Переказ не зараховано. Зверніться до магазину або свого банку.'],
    withdrawn: ['Звернення відкликано', 'Перевірку завершено.'],
    amount_accepted: ['Суму прийнято', 'Перевірка триватиме з сумою, що надійшла.'],
    resolved_by_success: ['Оплата надійшла', 'Її зараховано, перевірку завершено.'],
    message: ['Нове повідомлення про вашу оплату', 'Прочитати його можна на сторінці.'],
  },
  shop: 'Магазин',
  amount: 'Надіслана сума',
  number: 'Номер звернення',
  page: 'Сторінка',
  test: 'Це тестовий режим: гроші не рухаються.',
  footer: 'Лист надіслано автоматично, відповідати на нього не потрібно.',
}

export const payerWords: Readonly<Record<Locale, PayerWords>> = { en, ru, uk }
