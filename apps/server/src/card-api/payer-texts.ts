/** What payers are told, by occasion. */
const texts = {
  approved: ['The payment went through.', 'Платёж прошёл.', 'Платіж пройшов.'],
  in_progress: [
    'The payment is being processed. Please wait and do not pay again.',
    'Платёж обрабатывается. Подождите и не платите повторно.',
    'Платіж обробляється. Зачекайте й не платіть повторно.',
  ],
  confirm: [
    'Please complete the confirmation of your bank.',
    'Завершите подтверждение в вашем банке.',
    'Завершіть підтвердження у вашому банку.',
  ],
  checked: [
    'The payment is being checked. Please do not pay again.',
    'Платёж проверяется. Не платите повторно.',
    'Платіж перевіряється. Не платіть повторно.',
  ],
  account_blocked: [
    'The account is blocked. Contact your bank.',
    'Счёт заблокирован. Обратитесь в ваш банк.',
    'Рахунок заблоковано. Зверніться до вашого банку.',
  ],
  account_unknown: [
    'The account was not found. Contact your bank.',
    'Счёт не найден. Обратитесь в ваш банк.',
    'Рахунок не знайдено. Зверніться до вашого банку.',
  ],
  contact_shop: [
    'The payment could not be made. Contact the shop.',
    'Не удалось провести платёж. Обратитесь в магазин.',
    'Не вдалося провести платіж. Зверніться до магазину.',
  ],
  not_possible_here: [
    'This payment is not possible here. Try another method.',
    'Этот платёж здесь невозможен. Попробуйте другой способ.',
    'Цей платіж тут неможливий. Спробуйте інший спосіб.',
  ],
  bank_declined: [
    'The bank declined the payment. Contact your bank or use another card.',
    'Банк отклонил платёж. Обратитесь в ваш банк или используйте другую карту.',
    'Банк відхилив платіж. Зверніться до вашого банку або скористайтеся іншою карткою.',
  ],
  other_method: [
    'The payment could not be made. Try another method.',
    'Не удалось провести платёж. Попробуйте другой способ.',
    'Не вдалося провести платіж. Спробуйте інший спосіб.',
  ],
  sent_already: ['This payment was already sent.', 'Этот платёж уже отправлен.', 'Цей платіж уже надіслано.'],
  time_over: ['The time for this payment is over.', 'Время на оплату истекло.', 'Час на оплату минув.'],
  order_unknown: ['The order was not found.', 'Заказ не найден.', 'Замовлення не знайдено.'],
  card_expired: [
    'The card is expired. Use another card.',
    'Срок действия карты истёк. Используйте другую карту.',
    'Термін дії картки минув. Скористайтеся іншою карткою.',
  ],
  cvv_wrong: ['The security code is wrong.', 'Неверный код безопасности.', 'Неправильний код безпеки.'],
  currency: ['This currency is not supported.', 'Эта валюта не поддерживается.', 'Ця валюта не підтримується.'],
  funds: ['Not enough money on the card.', 'На карте недостаточно средств.', 'На картці недостатньо коштів.'],
  other_card: [
    'The payment could not be made. Use another card.',
    'Не удалось провести платёж. Используйте другую карту.',
    'Не вдалося провести платіж. Скористайтеся іншою карткою.',
  ],
  contact_bank: [
    'The payment could not be made. Contact your bank.',
    'Не удалось провести платёж. Обратитесь в ваш банк.',
    'Не вдалося провести платіж. Зверніться до вашого банку.',
  ],
  temporary: [
    'A temporary error occurred. Try later.',
    'Временная ошибка. Попробуйте позже.',
    'Тимчасова помилка. Спробуйте пізніше.',
  ],
  bank_silent: [
    'Your bank does not answer. Try later.',
    'Ваш банк не отвечает. Попробуйте позже.',
    'Ваш банк не відповідає. Спробуйте пізніше.',
  ],
  bank_refused: ['Your bank refused the payment.', 'Ваш банк отказал в платеже.', 'Ваш банк відмовив у платежі.'],
  later: ['Try later.', 'Попробуйте позже.', 'Спробуйте пізніше.'],
  contact_provider: ['Contact your provider.', 'Обратитесь к вашему провайдеру.', 'Зверніться до вашого провайдера.'],
  amount_limit: ['The amount is over the limit.', 'Сумма превышает лимит.', 'Сума перевищує ліміт.'],
  card_limit: ['The limit of your card is exceeded.', 'Превышен лимит вашей карты.', 'Перевищено ліміт вашої картки.'],
  own_limit: ['Your limit is exceeded.', 'Ваш лимит превышен.', 'Ваш ліміт перевищено.'],
  wallet_data: ['Check the wallet data.', 'Проверьте данные кошелька.', 'Перевірте дані гаманця.'],
  card_data: ['Check the card data.', 'Проверьте данные карты.', 'Перевірте дані картки.'],
  confirmation_failed: ['The confirmation failed.', 'Подтверждение не удалось.', 'Підтвердження не вдалося.'],
  bank_not_confirmed: [
    'Your bank could not confirm the payment.',
    'Ваш банк не смог подтвердить платёж.',
    'Ваш банк не зміг підтвердити платіж.',
  ],
  bank_rejected: [
    'Your bank rejected the confirmation.',
    'Ваш банк отклонил подтверждение.',
    'Ваш банк відхилив підтвердження.',
  ],
  cancelled: ['You cancelled the payment.', 'Вы отменили платёж.', 'Ви скасували платіж.'],
  phone: ['The phone number does not match.', 'Номер телефона не совпадает.', 'Номер телефону не збігається.'],
  one_time_code: ['The one-time code is wrong.', 'Неверный одноразовый код.', 'Неправильний одноразовий код.'],
  previous: [
    'Wait until the previous payment is finished.',
    'Дождитесь завершения предыдущего платежа.',
    'Дочекайтеся завершення попереднього платежу.',
  ],
  not_verified: ['The payment was not verified.', 'Платёж не подтверждён.', 'Платіж не підтверджено.'],
  not_made: ['The payment could not be made.', 'Не удалось провести платёж.', 'Не вдалося провести платіж.'],
  not_finished: ['The payment was not finished.', 'Платёж не был завершён.', 'Платіж не було завершено.'],
  wrong: ['Something went wrong.', 'Что-то пошло не так.', 'Щось пішло не так.'],
  not_now: ['This payment is not possible now.', 'Сейчас этот платёж невозможен.', 'Зараз цей платіж неможливий.'],
  use_other_card: ['Use another card.', 'Используйте другую карту.', 'Скористайтеся іншою карткою.'],
  address: ['Check the address.', 'Проверьте адрес.', 'Перевірте адресу.'],
  cvv: ['Check the security code.', 'Проверьте код безопасности.', 'Перевірте код безпеки.'],
} as const

export type PayerText = keyof typeof texts

export const payerTexts = Object.fromEntries(
  Object.entries(texts).map(([name, [en, ru, uk]]) => [name, { en, ru, uk }]),
) as { readonly [name in PayerText]: Readonly<Record<'en' | 'ru' | 'uk', string>> }
