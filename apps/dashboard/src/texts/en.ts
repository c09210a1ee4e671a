import { desk } from './en/desk.ts'
import { money } from './en/money.ts'
import { words } from './en/words.ts'

export const en = { ...money, ...desk, ...words } as const
