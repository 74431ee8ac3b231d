import { useQuery } from '@apollo/client/react'
import { useDeferredValue, useId, useState } from 'react'
import { PlacesDocument, type PlacesQuery } from '../../gql/documents'
import { word } from '../../ui/words'

type Place = NonNullable<PlacesQuery['organization']>['nodes']['edges'][number]['node']

const written = (place: Place): string =>
  `${place.name} (${word(place.level).toLowerCase()}${place.parent ? ` in ${place.parent.name}` : ''})`

/** A place in the cascade, found by typing; left empty it is the whole organization. */
export function NodeField({ label, name, hint }: { label: string; name: string; hint?: string }) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.replace(/\s*\([^(]*$/, '').trim())
  const { data, previousData } = useQuery(PlacesDocument, { variables: { search: search || null } })
  const found = ((data ?? previousData)?.organization?.nodes.edges ?? []).map((edge) => edge.node)
  const chosen = found.find((place) => written(place) === typed || place.name === typed)
  const unknown = typed !== '' && !chosen
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="in"
        list={`${id}-list`}
        value={typed}
        autoComplete="off"
        placeholder="The whole organization"
        // What names no place must not silently become the whole organization.
        ref={(input) =>
          input?.setCustomValidity(unknown ? 'Choose one of the places suggested, or leave it empty.' : '')
        }
        aria-describedby={unknown || hint ? `${id}-hint` : undefined}
        onChange={(event) => setTyped(event.target.value)}
      />
      <input type="hidden" name={name} value={chosen?.id ?? ''} />
      <datalist id={`${id}-list`}>
        {found.map((place) => (
          <option key={place.id} value={written(place)} />
        ))}
      </datalist>
      {(unknown || hint) && (
        <small id={`${id}-hint`}>{unknown ? 'Choose one of the places suggested, or leave it empty.' : hint}</small>
      )}
    </div>
  )
}
