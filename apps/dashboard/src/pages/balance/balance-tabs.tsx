import { Link, useRouterState } from '@tanstack/react-router'
import { useLanguage } from '../../texts/language.tsx'

const tabs = [
  { to: '/balance', text: 'statement.title' },
  { to: '/balance/top-ups', text: 'top_up.title' },
  { to: '/balance/withdrawals', text: 'withdrawal.title' },
] as const

/** The three pages of the balance. */
export function BalanceTabs() {
  const { t } = useLanguage()
  const path = useRouterState({ select: ({ location }) => location.pathname.replace(/\/$/, '') })
  return (
    <nav className="tabs" aria-label={t('balance.title')}>
      {tabs.map(({ to, text }) => (
        <Link
          key={to}
          to={to}
          className="tab"
          activeOptions={{ exact: true }}
          aria-current={path === to ? 'page' : undefined}
        >
          {t(text)}
        </Link>
      ))}
    </nav>
  )
}
