import IconAdjustments from '@tabler/icons-react/dist/esm/icons/IconAdjustments.mjs'
import IconGauge from '@tabler/icons-react/dist/esm/icons/IconGauge.mjs'
import IconHelp from '@tabler/icons-react/dist/esm/icons/IconHelp.mjs'
import IconListDetails from '@tabler/icons-react/dist/esm/icons/IconListDetails.mjs'
import IconScale from '@tabler/icons-react/dist/esm/icons/IconScale.mjs'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import IconUsers from '@tabler/icons-react/dist/esm/icons/IconUsers.mjs'
import IconWallet from '@tabler/icons-react/dist/esm/icons/IconWallet.mjs'

export const navigation = [
  { to: '/', text: 'overview.title', Icon: IconGauge, owner: false },
  { to: '/history', text: 'history.title', Icon: IconListDetails, owner: false },
  { to: '/balance', text: 'balance.title', Icon: IconWallet, owner: false },
  { to: '/appeals', text: 'appeals.title', Icon: IconScale, owner: false },
  { to: '/no-payments', text: 'skips.title', Icon: IconHelp, owner: false },
  { to: '/settings', text: 'settings.title', Icon: IconAdjustments, owner: false },
  { to: '/console', text: 'console.title', Icon: IconTerminal2, owner: false },
  { to: '/team', text: 'team.title', Icon: IconUsers, owner: true },
] as const
