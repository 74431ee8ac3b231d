import { useOrganization, useSession } from '../../app/session'
import type { GateFullFragment } from '../../gql/documents'
import { day, dayOf, daysBetween } from '../../ui/dates'
import { Glyph } from '../../ui/Glyph'
import { Avatar } from '../../ui/parts'
import { word } from '../../ui/words'
import { votesOf } from './gate'

/** Who decides: before the submission who would, afterwards who has voted and who is waited for. */
export function Votes({ gate }: { gate: GateFullFragment }) {
  const { person } = useSession()
  const { today, timeZone } = useOrganization()
  const submission = gate.submission
  const waited = submission ? Math.max(0, daysBetween(dayOf(submission.submittedAt, timeZone), today)) : 0
  return (
    <div className="sub2 votes">
      <h3>{submission ? 'Votes' : 'Decides, once submitted'}</h3>
      <ul>
        {votesOf(gate).map((vote) => (
          <li key={`${vote.role} ${vote.person?.id ?? ''}`}>
            <Avatar name={vote.person?.name ?? '?'} />
            <span>
              {vote.person?.name ?? (
                <span className="risk">
                  <Glyph name="risk" /> nobody holds this role here
                </span>
              )}
              <small>{vote.needed > 1 ? `${vote.roleWord}, ${vote.needed} votes needed` : vote.roleWord}</small>
            </span>
            {vote.outcome ? (
              <span className="s ok">
                <Glyph name="done" /> {word(vote.outcome)}
                {vote.at && `, ${day(dayOf(vote.at, timeZone), today)}`}
              </span>
            ) : (
              <span className={vote.person?.id === person.id ? 's you' : 's'}>
                {vote.person?.id === person.id ? 'you, ' : ''}
                {submission ? (waited > 0 ? `waiting, ${waited} d` : 'waiting since today') : 'not yet open'}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
