import IconArrowLeft from '@tabler/icons-react/dist/esm/icons/IconArrowLeft.mjs'
import { Link } from '@tanstack/react-router'

/** To the list that a page belongs to. */
export function BackLink({ to, text }: { readonly to: '/history' | '/appeals'; readonly text: string }) {
  return (
    <Link to={to} className="back">
      <IconArrowLeft size={16} aria-hidden />
      {text}
    </Link>
  )
}
