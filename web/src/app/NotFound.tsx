import { Link } from '@tanstack/react-router'
import { Page } from './Page'

export function NotFound() {
  return (
    <Page title="Not found">
      <div className="empty">
        <h1>There is nothing here</h1>
        <p>The address is wrong, or what it named lies outside of what you may see.</p>
        <Link to="/" className="btn">
          Go to the board
        </Link>
      </div>
    </Page>
  )
}
