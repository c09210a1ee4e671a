import { desk } from './ru/desk.ts'
import { money } from './ru/money.ts'
import { words } from './ru/words.ts'
import type { Texts } from './text.ts'

export const ru: Texts = { ...money, ...desk, ...words }
