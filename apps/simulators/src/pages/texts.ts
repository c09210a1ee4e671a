/** Texts of the payer's pages. */
export const languages = ['en', 'ru', 'uk'] as const
export type Language = (typeof languages)[number]
export const languageNames = { en: 'English', ru: 'Русский', uk: 'Українська' } as const

export const texts = {
  en: {
    bank: 'Demo Bank',
    bank_line: 'Simulated card issuer',
    confirm_title: 'Confirm your payment',
    confirm_lead: 'Your bank asks whether you are making this payment.',
    provider_line: 'Simulated payment provider',
    pay_title: 'Pay',
    pay_lead: 'Here a payer would sign in and agree.',
    amount: 'Amount',
    card: 'Card',
    order: 'Order',
    description: 'Description',
    confirm: 'Confirm',
    decline: 'Decline',
    refuse: 'Refuse',
    leave: 'Leave',
    pay: 'Pay',
    cancel: 'Cancel',
    simulated: 'This is a simulator. No money moves.',
    done_title: 'Already answered',
    done_lead: 'This question was answered before.',
    back: 'Back to the payment',
    missing_title: 'Not found',
    missing_lead: 'This page does not belong to any payment. Go back to the shop and start again.',
    language: 'Language',
  },
  ru: {
    bank: 'Демо-банк',
    bank_line: 'Симулятор банка, выпустившего карту',
    confirm_title: 'Подтвердите платёж',
    confirm_lead: 'Банк спрашивает, вы ли совершаете этот платёж.',
    provider_line: 'Симулятор платёжного провайдера',
    pay_title: 'Оплата',
    pay_lead: 'Здесь плательщик вошёл бы в свой кабинет и подтвердил оплату.',
    amount: 'Сумма',
    card: 'Карта',
    order: 'Заказ',
    description: 'Описание',
    confirm: 'Подтвердить',
    decline: 'Отклонить',
    refuse: 'Отказаться',
    leave: 'Уйти',
    pay: 'Оплатить',
    cancel: 'Отменить',
    simulated: 'Это симулятор. Деньги не списываются.',
    done_title: 'Ответ уже дан',
    done_lead: 'На этот вопрос уже ответили.',
    back: 'Вернуться к платежу',
    missing_title: 'Не найдено',
    missing_lead: 'Эта страница не относится ни к одному платежу. Вернитесь в магазин и начните заново.',
    language: 'Язык',
  },
  uk: {
    bank: 'Демо-банк',
    bank_line: 'Симулятор банку, що випустив картку',
    confirm_title: 'Підтвердьте платіж',
    confirm_lead: 'Банк запитує, чи це ви здійснюєте платіж.',
    provider_line: 'Симулятор платіжного провайдера',
    pay_title: 'Оплата',
    pay_lead: 'Тут платник увійшов би до свого кабінету й підтвердив оплату.',
    amount: 'Сума',
    card: 'Картка',
    order: 'Замовлення',
    description: 'Опис',
    confirm: 'Підтвердити',
    decline: 'Відхилити',
    refuse: 'Відмовитися',
    leave: 'Піти',
    pay: 'Сплатити',
    cancel: 'Скасувати',
    simulated: 'Це симулятор. Гроші не списуються.',
    done_title: 'Відповідь уже надано',
    done_lead: 'На це запитання вже відповіли.',
    back: 'Повернутися до платежу',
    missing_title: 'Не знайдено',
    missing_lead: 'Ця сторінка не належить жодному платежу. Поверніться до магазину й почніть знову.',
    language: 'Мова',
  },
} as const satisfies Record<Language, Record<string, string>>

/** `wanted` (a link of ours) beats the browser's preference. */
export function languageOf(wanted: unknown, accept_language: string | undefined): Language {
  const known = (word: string) => languages.find((language) => word.toLowerCase().startsWith(language))
  if (typeof wanted === 'string' && known(wanted)) return known(wanted) as Language
  for (const part of (accept_language ?? '').split(',').slice(0, 10)) {
    const language = known(part.trim())
    if (language) return language
  }
  return 'en'
}
