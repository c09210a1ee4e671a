/** What stands around every page: navigation, the mode, the person. Nobody signed in = the sign-in page. */
import { CloseButton, Drawer, NavLink } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Overview } from '../../../server/src/provider-api/documents.ts'
import { ApiFailure, callApi, modeQuery } from '../api/client.ts'
import { LoadFailure } from '../parts/failure.tsx'
import { useLanguage } from '../texts/language.tsx'
import { Header } from './header.tsx'
import { meQuery, useIsOwner } from './me.ts'
import { useMode } from './mode.ts'
import { navigation } from './navigation.ts'
import { SignInAgain } from './sign-in-again.tsx'

export function Shell() {
  const { t } = useLanguage()
  const me = useQuery(meQuery)
  if (me.data === undefined) {
    if (me.error instanceof ApiFailure && me.error.status === 401) {
      return <ToSignIn />
    }
    return (
      <main className="alone">
        {me.error ? (
          <LoadFailure error={me.error} retry={() => void me.refetch()} />
        ) : (
          <p role="status" className="alone-wait">
            {t('waiting')}
          </p>
        )}
      </main>
    )
  }
  return <SignedIn />
}

/** Once: while the other page is being loaded this one is still there, and the address is the new one already. */
function ToSignIn() {
  const router = useRouter()
  useEffect(() => {
    const back = router.state.location.href
    void router.navigate({ to: '/sign-in', search: back === '/' ? {} : { back }, replace: true })
  }, [router])
  return null
}

function SignedIn() {
  const { t } = useLanguage()
  const mode = useMode()
  const [open, drawer] = useDisclosure(false)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new address closes the drawer
  useEffect(() => drawer.close(), [path])
  return (
    <>
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <Header openNavigation={drawer.open} />
      {mode === 'test' && (
        <aside className="test-mode" aria-label={t('mode.label')}>
          {t('mode.test_note')}
        </aside>
      )}
      <div className="frame">
        <nav className="side" aria-label={t('nav.label')}>
          <Links />
        </nav>
        <main id="content" className="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Drawer.Root opened={open} onClose={drawer.close} size="17rem">
        <Drawer.Overlay />
        <Drawer.Content aria-label={t('nav.label')}>
          <Drawer.Body>
            <CloseButton className="drawer-close" aria-label={t('close')} onClick={drawer.close} />
            <nav aria-label={t('nav.label')}>
              <Links />
            </nav>
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <SignInAgain />
    </>
  )
}

function Links() {
  const { t } = useLanguage()
  const mode = useMode()
  const isOwner = useIsOwner()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const { data } = useQuery({
    queryKey: ['overview', mode],
    queryFn: ({ signal }) => callApi<Overview>('/overview', { query: modeQuery(mode), signal }),
    refetchInterval: 30_000,
  })
  const open = data?.appeals.open ?? 0
  return (
    <div className="nav-links">
      {navigation
        .filter(({ owner }) => !owner || isOwner)
        .map(({ to, text, Icon }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            active={to === '/' ? path === '/' : path.startsWith(to)}
            aria-current={(to === '/' ? path === '/' : path.startsWith(to)) ? 'page' : undefined}
            label={t(text)}
            leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
            rightSection={
              to === '/appeals' && open > 0 ? (
                <span className="count" role="img" aria-label={t('nav.open_appeals', { n: open })}>
                  {open}
                </span>
              ) : undefined
            }
          />
        ))}
    </div>
  )
}
