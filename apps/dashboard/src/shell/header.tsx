import { ActionIcon, Burger, Popover, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconUserCircle from '@tabler/icons-react/dist/esm/icons/IconUserCircle.mjs'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Mode } from '../../../server/src/provider-api/documents.ts'
import { callApi } from '../api/client.ts'
import { useLanguage } from '../texts/language.tsx'
import { languageNames, languages } from '../texts/text.ts'
import { useMe } from './me.ts'
import { useMode, useSetMode } from './mode.ts'

export function Header({ openNavigation }: { readonly openNavigation: () => void }) {
  const { t } = useLanguage()
  const { provider } = useMe()
  const mode = useMode()
  const setMode = useSetMode()
  return (
    <header className="header" data-mode={mode}>
      <Burger className="header-burger" size="sm" onClick={openNavigation} aria-label={t('nav.open')} />
      <Link to="/" className="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true" className="brand-mark">
          <rect width="32" height="32" rx="8" />
          <path d="M8 10h10M12 16h10M16 22h8" />
        </svg>
        <span className="brand-name" title={provider.name}>
          {provider.name}
        </span>
      </Link>
      <SegmentedControl
        className="header-mode"
        size="xs"
        aria-label={t('mode.label')}
        value={mode}
        onChange={(value) => setMode(value as Mode)}
        data={[
          { value: 'live', label: t('mode.live') },
          { value: 'test', label: t('mode.test') },
        ]}
      />
      <PersonMenu />
    </header>
  )
}

const schemes = ['auto', 'light', 'dark'] as const

function PersonMenu() {
  const { t } = useLanguage()
  const { person } = useMe()
  const [open, menu] = useDisclosure(false)
  return (
    <Popover
      opened={open}
      onChange={menu.close}
      onClose={menu.close}
      position="bottom-end"
      width={256}
      trapFocus
      returnFocus
      withinPortal={false}
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('person.menu', { name: person.name })}
          onClick={menu.toggle}
        >
          <IconUserCircle size={24} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <PersonPanel close={menu.close} />
      </Popover.Dropdown>
    </Popover>
  )
}

function PersonPanel({ close }: { readonly close: () => void }) {
  const { t, word, language, choose } = useLanguage()
  const { person } = useMe()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useMutation({
    mutationFn: () => callApi('/auth/sign-out', { method: 'POST' }),
    // A whole new page: nothing of this person stays in memory.
    onSuccess: () => location.assign('/dashboard/sign-in'),
  })
  return (
    <div className="person">
      <p className="person-who">
        <strong>{person.name}</strong>
        <span className="dimmed">{person.email}</span>
        <span className="dimmed">{word('role', person.role)}</span>
      </p>
      <Choice
        title={t('person.language')}
        name="language"
        chosen={language}
        choices={languages.map((value) => ({ value, label: languageNames[value], lang: value }))}
        choose={(value) => choose(languages.find((one) => one === value) ?? language)}
      />
      <Choice
        title={t('person.colours')}
        name="colours"
        chosen={colorScheme}
        choices={schemes.map((value) => ({ value, label: t(`colours.${value}`) }))}
        choose={(value) => setColorScheme(schemes.find((one) => one === value) ?? 'auto')}
      />
      <p className="person-ways">
        <Link to="/password" onClick={close}>
          {t('password.title')}
        </Link>
        <button type="button" className="link" onClick={() => signOut.mutate()}>
          {t('person.sign_out')}
        </button>
      </p>
    </div>
  )
}

type ChoiceProps = {
  readonly title: string
  readonly name: string
  readonly chosen: string
  readonly choices: readonly { readonly value: string; readonly label: string; readonly lang?: string }[]
  readonly choose: (value: string) => void
}

function Choice({ title, name, chosen, choices, choose }: ChoiceProps) {
  return (
    <fieldset className="person-choice">
      <legend>{title}</legend>
      {choices.map(({ value, label, lang }) => (
        <label key={value} lang={lang}>
          <input type="radio" name={name} value={value} checked={value === chosen} onChange={() => choose(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  )
}
