import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

type Props = { node: { __typename?: string; id: string }; children: ReactNode; className?: string; tabIndex?: number }

/** A link to the screen that shows a thing, whatever it is. */
export function NodeLink({ node, children, ...rest }: Props) {
  const params = { id: node.id }
  switch (node.__typename) {
    case 'Initiative':
      return (
        <Link to="/measure/$id" params={params} {...rest}>
          {children}
        </Link>
      )
    case 'SalesPlan':
      return (
        <Link to="/plan/$id" params={params} {...rest}>
          {children}
        </Link>
      )
    case 'Objective':
    case 'Portfolio':
    case 'Program':
      return (
        <Link to="/board/$id" params={params} {...rest}>
          {children}
        </Link>
      )
    default:
      return <span className={rest.className}>{children}</span>
  }
}

/** The address of the same screen, for code that navigates. */
export function addressOf(node: { __typename?: string; id: string }) {
  const to =
    node.__typename === 'Initiative' ? '/measure/$id' : node.__typename === 'SalesPlan' ? '/plan/$id' : '/board/$id'
  return { to, params: { id: node.id } } as const
}
