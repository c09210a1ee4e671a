import type { Texts } from './text.ts'
import { desk } from './uk/desk.ts'
import { money } from './uk/money.ts'
import { words } from './uk/words.ts'

export const uk: Texts = { ...money, ...desk, ...words }
