import type { ReactNode } from 'react'
import { useOrganization, useSession } from '../../app/session'
import type { DeciderRowFragment, GateFullFragment, VoteRowFragment } from '../../gql/documents'
import { day, dayOf, daysBetween } from '../../ui/dates'
import { Glyph } from '../../ui/Glyph'
import { Avatar } from '../../ui/parts'
import { word } from '../../ui/words'
import { type Vote, votesOf } from './gate'

const told = ({ roleWord, needed, people, lent }: Vote): string =>
  [people.length > needed ? `${roleWord}, ${needed} of these ${people.length}` : roleWord, lent]
    .filter(Boolean)
    .join(', ')

/** A vote that was given, or who is waited for. */
function VoteLine({ vote, waits }: { vote: Vote; waits: string }) {
  const { person } = useSession()
  const { today, timeZone } = useOrganization()
  const mine = vote.people.some((one) => one.id === person.id)
  return (
    <li>
      <Avatar name={(mine ? person.name : vote.people[0]?.name) ?? '?'} />
      <span>
        {vote.people.map((one) => one.name).join(', ') || (
          <span className="risk">
            <Glyph name="risk" /> nobody holds this role here
          </span>
        )}
        <small>{told(vote)}</small>
      </span>
      {vote.outcome ? (
        <span className={vote.outcome === 'GO' ? 's ok' : 's risk'}>
          <Glyph name={vote.outcome === 'GO' ? 'done' : 'risk'} /> {word(vote.outcome)}
          {vote.at && `, ${day(dayOf(vote.at, timeZone), today)}`}
        </span>
      ) : (
        <span className={mine ? 's you' : 's'}>
          {mine ? 'you, ' : ''}
          {waits}
        </span>
      )}
    </li>
  )
}

type Props = {
  given: readonly VoteRowFragment[]
  /** Whose votes are missing, or who would decide once it is submitted. */
  awaited: readonly DeciderRowFragment[]
  /** When it was submitted; null while nothing is. */
  since: string | null
  children?: ReactNode
}

/** Who decides: before the submission who would, afterwards who has voted and who is waited for. */
export function Votes({ given, awaited, since, children }: Props) {
  const { today, timeZone } = useOrganization()
  const waited = since ? Math.max(0, daysBetween(dayOf(since, timeZone), today)) : 0
  return (
    <div className="sub2 votes">
      <h3>{since ? 'Votes' : 'Decides, once submitted'}</h3>
      <ul>
        {votesOf(given, awaited).map((vote) => (
          <VoteLine
            key={`${vote.role} ${vote.people[0]?.id ?? ''}`}
            vote={vote}
            waits={since ? (waited > 0 ? `waiting, ${waited} d` : 'waiting since today') : 'not yet open'}
          />
        ))}
      </ul>
      {children}
    </div>
  )
}

/** The votes at a gate. */
export const GateVotes = ({ gate, children }: { gate: GateFullFragment; children?: ReactNode }) => (
  <Votes
    given={gate.submission?.decisions ?? []}
    awaited={gate.submission ? gate.waitingOn : gate.readiness.deciders}
    since={gate.submission?.submittedAt ?? null}
  >
    {children}
  </Votes>
)
