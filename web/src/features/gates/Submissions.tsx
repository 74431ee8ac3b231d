import { useOrganization } from '../../app/session'
import type { MeasureGatesFragment, SubmissionRowFragment, VoteRowFragment } from '../../gql/documents'
import { instant } from '../../ui/dates'
import { exact, moneyIn, readable } from '../../ui/numbers'
import { word } from '../../ui/words'

/** What was handed in, and when. */
export function SubmittedNote({ submission }: { submission: SubmissionRowFragment }) {
  const { timeZone } = useOrganization()
  return (
    <div className="sub2">
      <h3>Submitted</h3>
      <p>
        <span className="p">{submission.submittedBy.name}</span>{' '}
        <span className="k">
          on {instant(submission.submittedAt, timeZone)}, policy v{submission.policyVersion}
        </span>
      </p>
      {submission.comment && <p className="quote">{submission.comment}</p>}
      {submission.figures.length > 0 && (
        <dl className="kv">
          {submission.figures.map((figure) => (
            <div key={figure.name} className={moneyIn(figure.value) ? undefined : 'text'}>
              <dt>{figure.name}</dt>
              <dd>{readable(figure.value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}

/** One vote, as the record tells it. */
export const VoteTold = ({ vote }: { vote: VoteRowFragment }) => (
  <p>
    <small>
      {vote.by.name}, {word(vote.as).toLowerCase()}
      {vote.onBehalfOf && ` in the place of ${vote.onBehalfOf.name}`}: {word(vote.outcome)}
      {vote.confirmed && `, confirmed ${exact(vote.confirmed)}`}
      {vote.checkedAgainst && `, checked against ${vote.checkedAgainst}`}
      {vote.comment && <span className="quote">{vote.comment}</span>}
    </small>
  </p>
)

/** The submissions that have ended, newest first. */
export function History({ gates }: { gates: MeasureGatesFragment['gates'] }) {
  const { timeZone } = useOrganization()
  const ended = gates
    .flatMap((gate) => gate.history)
    .filter((one) => one.endedAt || one.retracted)
    .sort((one, other) => (one.submittedAt < other.submittedAt ? 1 : -1))
  if (ended.length === 0) return null
  return (
    <details className="sub2 hist">
      <summary>Earlier submissions, {ended.length}</summary>
      <ol>
        {ended.map((one) => (
          <li key={one.id}>
            <p>
              <b>
                {one.retracted ? 'Retracted' : one.outcome ? word(one.outcome) : 'Ended'}, into {word(one.into)}
              </b>{' '}
              <small className="k">{one.endedAt && instant(one.endedAt, timeZone)}</small>
            </p>
            <small className="k">submitted by {one.submittedBy.name}</small>
            {one.decisions.map((vote) => (
              <VoteTold key={vote.at + vote.by.id} vote={vote} />
            ))}
            {one.questions.map((question) => (
              <p key={question.id}>
                <small>
                  {question.askedBy.name} asked: {question.text}
                  {question.answer && (
                    <span className="quote">
                      {question.answeredBy?.name}: {question.answer}
                    </span>
                  )}
                </small>
              </p>
            ))}
          </li>
        ))}
      </ol>
    </details>
  )
}
