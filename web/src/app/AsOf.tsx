import { ApolloProvider, useApolloClient } from '@apollo/client/react'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useMemo } from 'react'
import { pastClient } from '../gql/past'
import { day } from '../ui/dates'
import { DateField, required } from '../ui/fields'
import { Icon } from '../ui/Icon'
import { Pop } from '../ui/Pop'
import { momentOf, spokenMoment, useAsOf } from './moment'
import { useOrganization } from './session'

/** Everything below reads the moment in the address; without one, the present. */
export function AsOfScope({ children }: { children: ReactNode }) {
  const { asOf } = useAsOf()
  return asOf ? (
    <Past key={asOf} asOf={asOf}>
      {children}
    </Past>
  ) : (
    children
  )
}

function Past({ asOf, children }: { asOf: string; children: ReactNode }) {
  const present = useApolloClient()
  const { timeZone } = useOrganization()
  const client = useMemo(() => pastClient(present, momentOf(asOf, timeZone)), [present, asOf, timeZone])
  return <ApolloProvider client={client}>{children}</ApolloProvider>
}

/** Says that the screen shows the past, and leads back. */
export function AsOfBar() {
  const { asOf } = useAsOf()
  const show = useShow()
  if (!asOf) return null
  return (
    <output className="asof">
      <Icon name="calendar" />
      <span>
        As it stood at {asOf.startsWith('r') ? '' : 'the end of '}
        <b>{spokenMoment(asOf)}</b>, with your rights of today. Nothing can be changed here.
      </span>
      <button type="button" className="btn" onClick={() => show(undefined)}>
        Back to today
      </button>
    </output>
  )
}

/** Which day the screen shows. The choice is in the address; the default is today. */
export function AsOfMenu() {
  const { asOf, today } = useAsOf()
  const show = useShow()
  const send = (event: FormEvent<HTMLFormElement>, close: () => void) => {
    event.preventDefault()
    const chosen = required(new FormData(event.currentTarget), 'asOf')
    show(chosen < today ? chosen : undefined)
    close()
  }
  return (
    <Pop
      className="btn quiet no-ph"
      popClass="left"
      name={`As of ${asOf ? spokenMoment(asOf) : `today, ${day(today)}`}`}
      label={
        <>
          <Icon name="calendar" />
          <span className="k">{asOf ? 'As of' : 'Today'}</span> {asOf ? spokenMoment(asOf) : day(today)}
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <form className="months" onSubmit={(event) => send(event, close)}>
          <DateField
            label="As it stood at the end of"
            name="asOf"
            required
            max={today}
            defaultValue={asOf && !asOf.startsWith('r') ? asOf : today}
          />
          <button type="submit" className="btn">
            Show
          </button>
        </form>
      )}
    </Pop>
  )
}

function useShow(): (asOf: string | undefined) => void {
  const navigate = useNavigate()
  return (asOf) => void navigate({ to: '.', search: (before) => ({ ...before, asOf }) })
}
