import { useQuery } from '@apollo/client/react'
import { useDeferredValue, useId, useState } from 'react'
import { PeopleDocument } from '../../gql/documents'

type Person = { id: string; name: string; email?: string | null }
type Props = { label: string; name: string; person?: Person | null; required?: boolean; hint?: string }

const written = (person: Person): string => (person.email ? `${person.name} (${person.email})` : person.name)

/**
 * A person of the organization, found by typing. The browser's own suggestion list is used; the hidden field holds the
 * id, and is empty as long as what was typed names nobody.
 */
export function PersonField({ label, name, person, required, hint }: Props) {
  const id = useId()
  const [typed, setTyped] = useState(person ? written(person) : '')
  const search = useDeferredValue(typed.replace(/\s*\(.*$/, ''))
  const { data } = useQuery(PeopleDocument, { variables: { search: search || null } })
  const found = (data?.organization?.people.edges ?? []).map((edge) => edge.node)
  const same = (one: Person) => written(one) === typed || one.name === typed
  const chosen = person && same(person) ? person : found.find(same)
  const unknown = typed !== '' && !chosen
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="in"
        list={`${id}-list`}
        value={typed}
        required={required}
        autoComplete="off"
        placeholder="Type a name"
        aria-describedby={unknown || hint ? `${id}-hint` : undefined}
        onChange={(event) => setTyped(event.target.value)}
      />
      <input type="hidden" name={name} value={chosen?.id ?? ''} />
      <datalist id={`${id}-list`}>
        {found.map((one) => (
          <option key={one.id} value={written(one)} />
        ))}
      </datalist>
      {(unknown || hint) && <small id={`${id}-hint`}>{unknown ? 'Choose one of the people suggested.' : hint}</small>}
    </div>
  )
}
