/** Fields that the starter services ask the payer for. Patterns are anchored, with single backslashes. */
import type { LocalText, ServiceField } from '../service.ts'

const text = (en: string, ru: string, uk: string): LocalText => ({ ru, en, uk })

type Given = Pick<ServiceField, 'key' | 'label' | 'regexp'> &
  Partial<Pick<ServiceField, 'hint' | 'example' | 'required'>>

const field = (given: Given): ServiceField => ({
  type: 'string',
  hint: given.label,
  example: null,
  required: true,
  position: 0,
  ...given,
})

const phone = (regexp: string, example: string): ServiceField =>
  field({
    key: 'phone',
    label: text('Phone number', 'Номер телефона', 'Номер телефону'),
    hint: text('Enter your phone number', 'Введите номер телефона', 'Введіть номер телефону'),
    example,
    regexp,
  })

export const statusField = field({
  key: 'status',
  label: text('Status', 'Статус', 'Статус'),
  hint: text('Enter Status', 'Введите статус', 'Введіть статус'),
  regexp: '^[a-zA-Z_]*$',
})

export const accountNumberField = field({
  key: 'account_number',
  label: text('Account number', 'Номер счёта', 'Номер рахунку'),
  hint: text('The account you pay from', 'Счёт, с которого вы платите', 'Рахунок, з якого ви платите'),
  example: '000123456789',
  regexp: '^(\\d{4,17}|[A-Z]{2}\\d{2}[A-Z0-9]{11,30})$',
})

export const ibanField = field({
  key: 'iban',
  label: text('IBAN', 'IBAN', 'IBAN'),
  hint: text(
    'The account you pay from, without spaces',
    'Счёт, с которого вы платите, без пробелов',
    'Рахунок, з якого ви платите, без пробілів',
  ),
  example: 'DE89370400440532013000',
  regexp: '^[A-Z]{2}\\d{2}[A-Z0-9]{11,30}$',
})

export const blikCodeField = field({
  key: 'blik_code',
  label: text('BLIK code', 'Код BLIK', 'Код BLIK'),
  hint: text('6 digits from your bank’s app', '6 цифр из приложения банка', '6 цифр із застосунку банку'),
  example: '777123',
  regexp: '^\\d{6}$',
})

export const taxpayerField = field({
  key: 'document_id',
  label: text('CPF or CNPJ', 'CPF или CNPJ', 'CPF або CNPJ'),
  hint: text('11 or 14 digits', '11 или 14 цифр', '11 або 14 цифр'),
  example: '12345678909',
  regexp: '^(\\d{11}|\\d{14})$',
})

export const upiAddressField = field({
  key: 'upi_id',
  label: text('UPI ID', 'UPI ID', 'UPI ID'),
  hint: text('For example name@bank', 'Например, name@bank', 'Наприклад, name@bank'),
  example: 'name@bank',
  regexp: '^[A-Za-z0-9._\\-]{2,256}@[A-Za-z]{2,64}$',
})

export const bankCodeField = field({
  key: 'bic',
  label: text('Bank (BIC)', 'Банк (BIC)', 'Банк (BIC)'),
  hint: text(
    'Leave empty to choose on the next page',
    'Оставьте пустым, чтобы выбрать на следующей странице',
    'Залиште порожнім, щоб обрати на наступній сторінці',
  ),
  example: 'BANKNL2A',
  regexp: '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$',
  required: false,
})

export const emailField = field({
  key: 'email',
  label: text('Email', 'Эл. почта', 'Ел. пошта'),
  hint: text(
    'Where the bank sends the confirmation',
    'Куда банк пришлёт подтверждение',
    'Куди банк надішле підтвердження',
  ),
  example: 'name@example.com',
  regexp: '^[^@\\s]{1,64}@[^@\\s]{1,180}\\.[^@\\s.]{2,10}$',
})

export const russianPhone = phone('^\\+7\\d{10}$', '+79161234567')
export const ukrainianPhone = phone('^\\+380\\d{9}$', '+380501234567')
export const kazakhPhone = phone('^\\+77\\d{9}$', '+77011234567')
export const portuguesePhone = phone('^\\+3519\\d{8}$', '+351912345678')
export const swedishPhone = phone('^\\+467\\d{8}$', '+46701234567')
export const kenyanPhone = phone('^\\+254[17]\\d{8}$', '+254712345678')
export const japanesePhone = phone('^0\\d{9,10}$', '09012345678')

const same = (key: string, label: LocalText, regexp: string, required = false): ServiceField =>
  field({ key, label, regexp, required })

const words = '^[A-Z\\-\\sa-z]{2,64}$'

export const payoutTestFields: readonly ServiceField[] = [
  same('account', text('Account', 'Аккаунт', 'Акаунт'), '^\\d{1,15}$', true),
  same(
    'test_details_success_rate',
    text('Success rate (%)', 'Вероятность успеха (%)', 'Імовірність успіху (%)'),
    '^\\d{1,15}$',
  ),
  same('test_details_payout_status', text('Expected status', 'Ожидаемый статус', 'Очікуваний статус'), words),
  same(
    'test_details_payout_resolution',
    text('Expected resolution', 'Ожидаемый resolution', 'Очікуваний resolution'),
    words,
  ),
]
