import { useQuery } from '@apollo/client/react'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react'
import { SearchDocument } from '../gql/documents'
import { Dialog } from '../ui/Dialog'
import { Icon, type IconName } from '../ui/Icon'
import { word } from '../ui/words'
import { addressOf } from './NodeLink'

type Entry = { key: string; icon: IconName; name: string; where: string; go: () => void }

const LEVEL_ICONS = {
  OBJECTIVE: 'objective',
  PORTFOLIO: 'portfolio',
  PROGRAM: 'program',
  INITIATIVE: 'initiative',
  SALES_PLAN: 'sales',
} as const
const PAGES = [
  { to: '/', name: 'Board', icon: 'board' },
  { to: '/cascade', name: 'Cascade', icon: 'cascade' },
  { to: '/plans', name: 'Sales plans', icon: 'sales' },
  { to: '/milestones', name: 'Milestones', icon: 'milestone' },
  { to: '/decisions', name: 'My decisions', icon: 'decision' },
  { to: '/ledger', name: 'Ledger', icon: 'ledger' },
  { to: '/governance/policy', name: 'Policy', icon: 'governance' },
  { to: '/governance/seats', name: 'Seats', icon: 'governance' },
  { to: '/governance/delegations', name: 'Delegations', icon: 'governance' },
  { to: '/governance/rights', name: 'Rights', icon: 'governance' },
] as const

function useEntries(text: string, onClose: () => void): { entries: Entry[]; searching: boolean } {
  const navigate = useNavigate()
  const { data, previousData, loading } = useQuery(SearchDocument, { variables: { text }, skip: text.length < 2 })
  const pages: Entry[] = PAGES.filter((page) => page.name.toLowerCase().includes(text.toLowerCase())).map((page) => ({
    key: page.to,
    icon: page.icon,
    name: page.name,
    where: 'Page',
    go: () => void navigate({ to: page.to }),
  }))
  const found = text.length < 2 ? [] : ((data ?? previousData)?.search.edges ?? [])
  const nodes: Entry[] = found.map(({ node }) => ({
    key: node.id,
    icon: LEVEL_ICONS[node.level],
    name: node.name,
    where: node.parent ? `${word(node.level)} in ${node.parent.name}` : word(node.level),
    go: () => void navigate(addressOf(node)),
  }))
  const entries = [...nodes, ...pages].map((entry) => ({
    ...entry,
    go: () => {
      onClose()
      entry.go()
    },
  }))
  return { entries, searching: loading }
}

/** Jump to a page or to anything in the cascade, without the mouse. */
export function Palette({ onClose }: { onClose: () => void }) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const { entries, searching } = useEntries(useDeferredValue(typed.trim()), onClose)
  const active = Math.min(at, entries.length - 1)

  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(active + 1, entries.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(active - 1, 0))
    else if (event.key === 'Enter') entries[active]?.go()
    else return
    event.preventDefault()
  }

  return (
    <Dialog title="Search or jump to" onClose={onClose} className="palette">
      <div className="dlg">
        <input
          autoFocus
          type="text"
          role="combobox"
          aria-label="Search or jump to"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={entries[active] ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          placeholder="Search objectives, initiatives, sales plans…"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKey}
        />
        <div className="found" id={`${id}-list`} role="listbox" aria-label="Found">
          {entries.map((entry, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the field that owns the list
            <div
              key={entry.key}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onPointerMove={() => setAt(index)}
              onClick={entry.go}
            >
              <Icon name={entry.icon} />
              {entry.name}
              <small>{entry.where}</small>
            </div>
          ))}
        </div>
        {entries.length === 0 && (
          <p role="status">{searching ? 'Searching…' : `Nothing you may see is called “${typed}”.`}</p>
        )}
      </div>
    </Dialog>
  )
}
