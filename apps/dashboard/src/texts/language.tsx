/** The chosen language for every component: its texts, and how it writes numbers and times. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { chooseLanguage, fill, type Language, type TextKey, type Texts, type Values } from './text.ts'

const loaders: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: () => import('./en.ts').then(({ en }) => en),
  ru: () => import('./ru.ts').then(({ ru }) => ru),
  uk: () => import('./uk.ts').then(({ uk }) => uk),
}

export type Translate = (key: TextKey, values?: Values) => string

type LanguageState = {
  readonly language: Language
  readonly choose: (language: Language) => void
  readonly t: Translate
  /** The word for a code of the API, such as the state `issued`; the code itself where there is no word. */
  readonly word: (kind: string, code: string) => string
}

const Context = createContext<LanguageState | null>(null)
const storage_key = 'cascad-language'

function readStored(): string | null {
  try {
    return localStorage.getItem(storage_key)
  } catch {
    return null
  }
}

function store(language: Language): void {
  try {
    localStorage.setItem(storage_key, language)
  } catch {
    // Private windows may refuse: the choice then lasts as long as the page.
  }
}

/** Shows nothing until the first texts are there; later changes keep the old ones on the screen meanwhile. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [wanted, setWanted] = useState<Language>(() => chooseLanguage(readStored(), navigator.languages))
  const [loaded, setLoaded] = useState<{ readonly language: Language; readonly texts: Texts } | null>(null)
  useEffect(() => {
    let current = true
    loaders[wanted]().then((texts) => {
      if (!current) return
      document.documentElement.lang = wanted
      setLoaded({ language: wanted, texts })
    })
    return () => {
      current = false
    }
  }, [wanted])
  const state = useMemo<LanguageState | null>(() => {
    if (loaded === null) return null
    const { language, texts } = loaded
    const known: Readonly<Record<string, Texts[TextKey] | undefined>> = texts
    return {
      language,
      choose: (next) => {
        store(next)
        setWanted(next)
      },
      t: (key, values = {}) => fill(texts[key], values, language),
      word: (kind, code) => {
        const text = known[`${kind}.${code}`]
        return text === undefined ? code : fill(text, {}, language)
      },
    }
  }, [loaded])
  return state === null ? null : <Context value={state}>{children}</Context>
}

export function useLanguage(): LanguageState {
  const state = useContext(Context)
  if (state === null) throw new Error('no LanguageProvider around this')
  return state
}
