import { useState } from 'react'
import { useOrganization } from '../../app/session'
import { type ChangeFullFragment, RetractChangeDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog } from '../../ui/Dialog'
import { instant } from '../../ui/dates'
import { AreaField, text } from '../../ui/fields'
import { readable } from '../../ui/numbers'
import { say } from '../../ui/toast'
import { ActButton, permission } from '../../ui/Why'
import { RemindLine } from '../gates/RemindLine'
import { Votes } from '../gates/Votes'
import { Questions } from '../questions/Questions'
import { ChangeTable } from './ChangeTable'
import { ChangeVote } from './ChangeVote'
import { changeName } from './names'
import { changeGroups } from './rows'

function RetractDialog({ change, name, onClose }: { change: ChangeFullFragment; name: string; onClose: () => void }) {
  const { act, busy, no } = useAct(RetractChangeDocument)
  const seen = useSeenRevision(change.revision, no)
  const send = async (fields: FormData) => {
    if (!(await act({ change: change.id, comment: text(fields, 'comment'), expectedRevision: seen }))) return
    say(`${changeName(change)} of “${name}” taken back.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Take back: ${changeName(change).toLowerCase()}`}
      submit="Take back"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="Votes given so far end with it."
    >
      <AreaField label="Why, optional" name="comment" />
    </ActDialog>
  )
}

/** Who proposed it, when and why, and how large it is. */
export function ChangeReason({ change }: { change: ChangeFullFragment }) {
  const { timeZone } = useOrganization()
  return (
    <>
      <p>
        <span className="p">{change.proposedBy.name}</span>{' '}
        <span className="k">
          on {instant(change.proposedAt, timeZone)}, policy v{change.policyVersion}
        </span>
      </p>
      <p className="quote">{change.reason}</p>
      {change.figures.length > 0 && (
        <dl className="kv">
          {change.figures.map((figure) => (
            <div key={figure.name}>
              <dt>{figure.name}</dt>
              <dd>{readable(figure.value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}

/** What would differ, row by row; a reopening says in words what it does. */
export function Differs({ change }: { change: ChangeFullFragment }) {
  const { today } = useOrganization()
  if (change.changes.length === 0)
    return <p className="k">Once decided, the measure stands at Implemented again; what was confirmed stays.</p>
  return <ChangeTable label="What would change" groups={changeGroups(change.changes, today)} />
}

/** A change of the plan, or a reopening, that waits for its decision. */
export function ChangeCard({ change, name }: { change: ChangeFullFragment; name: string }) {
  const [retracting, setRetracting] = useState(false)
  const decide = permission(change.acts, 'decideChange')
  return (
    <section className="card o2" aria-label="Proposed change">
      <header>
        <h2>{changeName(change)}, proposed</h2>
      </header>
      {decide?.allowed && <ChangeVote change={change} name={name} />}
      <div className="sub2">
        <h3>Proposed</h3>
        <ChangeReason change={change} />
      </div>
      {change.changes.length > 0 ? (
        <Differs change={change} />
      ) : (
        <div className="sub2">
          <Differs change={change} />
        </div>
      )}
      <Votes given={change.decisions} awaited={change.waitingOn} since={change.proposedAt}>
        <RemindLine gate={change.gate} waitingOn={change.waitingOn} />
      </Votes>
      <div className="sub2">
        <h3>Questions</h3>
        <Questions submission={change.id} questions={change.questions} acts={change.acts} />
      </div>
      {!decide?.allowed && (
        <div className="gatebtn">
          {decide?.why && <p className="reason">{decide.why}</p>}
          <div className="acts">
            <ActButton acts={change.acts} act="retractChange" onClick={() => setRetracting(true)}>
              Take back
            </ActButton>
          </div>
        </div>
      )}
      {retracting && <RetractDialog change={change} name={name} onClose={() => setRetracting(false)} />}
    </section>
  )
}
