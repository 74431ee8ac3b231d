import { useQuery } from '@apollo/client/react'
import { Outlet, useRouterState, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { SignIn } from '../features/people/SignIn'
import { SessionDocument } from '../gql/documents'
import { Failed } from '../ui/parts'
import { Toasts } from '../ui/toast'
import { callBy } from '../ui/words'
import { AsOfScope } from './AsOf'
import { AsOfProvider, sessionAsOf } from './moment'
import { Palette } from './Palette'
import { Rail, Tabs } from './Rail'
import { namesOf, SessionProvider } from './session'
import { TopBar } from './TopBar'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** Ctrl or Cmd with K opens the palette; `/` goes to the search of the page, or opens the palette where there is none. */
function usePalette(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setOpen(true)
      } else if (event.key === '/' && !isTyping(event.target) && !document.querySelector('dialog[open]')) {
        event.preventDefault()
        const search = document.querySelector<HTMLInputElement>('main input[type=search]')
        if (search) search.focus()
        else setOpen(true)
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return [open, setOpen]
}

/** After a change of page the keyboard starts at its main column, as it would after a page load. */
function useFocusOnPageChange(): void {
  const path = useRouterState({ select: (state) => state.location.pathname })
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [path])
}

export function Frame() {
  const { data, error, refetch } = useQuery(SessionDocument)
  const [palette, setPalette] = usePalette()
  const chosen = (useSearch({ strict: false }) as { asOf?: string }).asOf
  useFocusOnPageChange()

  if (error && !data)
    return (
      <main id="main" style={{ maxWidth: 560, margin: '18vh auto' }}>
        <section className="card">
          <Failed what="Stageline" problem={error} retry={() => void refetch()} />
        </section>
      </main>
    )
  if (!data) return <main id="main" aria-busy="true" aria-label="Loading" />
  if (!data.viewer) return <SignIn onSignedIn={() => void refetch()} />

  // Everything below speaks by these names; where they change, all of it is said anew.
  const names = namesOf(data.viewer.organization.policy)
  callBy(names)
  const { today } = data.viewer.organization
  const asOf = chosen && chosen !== today ? chosen : null
  return (
    <AsOfProvider value={{ asOf, today }}>
      <SessionProvider value={sessionAsOf(data.viewer, asOf)}>
        <div className="app" key={JSON.stringify(names)}>
          <a className="skip" href="#main">
            Skip to content
          </a>
          <Rail />
          <TopBar onSearch={() => setPalette(true)} />
          <AsOfScope>
            <Outlet />
          </AsOfScope>
          <Tabs />
        </div>
        {palette && <Palette onClose={() => setPalette(false)} />}
        <Toasts />
      </SessionProvider>
    </AsOfProvider>
  )
}
