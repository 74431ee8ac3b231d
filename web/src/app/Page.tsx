import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode, useEffect } from 'react'
import { Icon } from '../ui/Icon'
import { AsOfBar } from './AsOf'
import { NodeLink } from './NodeLink'

/** The main column. Its title is the document's, so that tabs, history and screen readers name the same thing. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Stageline`
  }, [title])
  return (
    <main id="main" tabIndex={-1}>
      <AsOfBar />
      {children}
    </main>
  )
}

/** Where a node stands: the nodes above it, from the objective down. */
export function Crumbs({ ancestors }: { ancestors: readonly { __typename: string; id: string; name: string }[] }) {
  return (
    <nav className="crumb" aria-label="Breadcrumb">
      <Icon name="objective" />
      {ancestors.length === 0 && <Link to="/cascade">Cascade</Link>}
      {ancestors.map((node, index) => (
        <Fragment key={node.id}>
          {index > 0 && <Icon name="right" />}
          <NodeLink node={node}>{node.name}</NodeLink>
        </Fragment>
      ))}
    </nav>
  )
}
