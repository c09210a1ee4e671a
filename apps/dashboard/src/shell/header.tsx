import { ActionIcon, Burger, Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core'
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
  const { t, word, language, choose } = useLanguage()
  const { person } = useMe()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useMutation({
    mutationFn: () => callApi('/auth/sign-out', { method: 'POST' }),
    // A whole new page: nothing of this person stays in memory.
    onSuccess: () => location.assign('/dashboard/sign-in'),
  })
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('person.menu', { name: person.name })}>
          <IconUserCircle size={24} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="person">
          <strong>{person.name}</strong>
          <span>{person.email}</span>
          <span>{word('role', person.role)}</span>
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/password">
          {t('password.title')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('person.language')}</Menu.Label>
        <Menu.RadioGroup
          value={language}
          onChange={(value) => choose(languages.find((one) => one === value) ?? language)}
        >
          {languages.map((one) => (
            <Menu.RadioItem key={one} lang={one} value={one}>
              {languageNames[one]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t('person.colours')}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(schemes.find((one) => one === value) ?? 'auto')}
        >
          {schemes.map((one) => (
            <Menu.RadioItem key={one} value={one}>
              {t(`colours.${one}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item onClick={() => signOut.mutate()}>{t('person.sign_out')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
