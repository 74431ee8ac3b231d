import { useOrganization, useSession } from '../../app/session'
import type { GateFullFragment } from '../../gql/documents'
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

/** Who decides: before the submission who would, afterwards who has voted and who is waited for. */
export function Votes({ gate }: { gate: GateFullFragment }) {
  const { today, timeZone } = useOrganization()
  const submission = gate.submission
  const waited = submission ? Math.max(0, daysBetween(dayOf(submission.submittedAt, timeZone), today)) : 0
  return (
    <div className="sub2 votes">
      <h3>{submission ? 'Votes' : 'Decides, once submitted'}</h3>
      <ul>
        {votesOf(gate).map((vote) => (
          <VoteLine
            key={`${vote.role} ${vote.people[0]?.id ?? ''}`}
            vote={vote}
            waits={submission ? (waited > 0 ? `waiting, ${waited} d` : 'waiting since today') : 'not yet open'}
          />
        ))}
      </ul>
    </div>
  )
}
