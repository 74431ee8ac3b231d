import { Fragment } from 'react'
import type { PolicyFullFragment } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { Icon } from '../../ui/Icon'
import { stageNumber, word } from '../../ui/words'
import { Names, Rules, Weights } from './PolicyRules'
import { askedAt, criteriaOf, type GateRule, VALIDATIONS, voteWords } from './policy'

const Votes = ({ gate }: { gate: GateRule }) => (
  <ul>
    {gate.votes.map((vote) => (
      <li key={vote.role}>{voteWords(vote)}</li>
    ))}
  </ul>
)

const Gate = ({ gate }: { gate: GateRule }) => (
  <>
    <span className="num">{stageNumber(gate.into)}</span> {word(gate.into)}
  </>
)

type GatesProps = { gates: readonly GateRule[]; onEdit?: (gate: GateRule) => void }

function EditGate({ gate, onEdit }: { gate: GateRule; onEdit?: (gate: GateRule) => void }) {
  if (!onEdit) return null
  return (
    <button
      type="button"
      className="btn quiet icon edit"
      aria-label={`Edit the gate into ${word(gate.into)}`}
      onClick={() => onEdit(gate)}
    >
      <Icon name="pencil" />
    </button>
  )
}

/** The gates side by side: who decides, what finance states, what freezes, then criterion by criterion. */
function GateTable({ gates, onEdit }: GatesProps) {
  return (
    <table className="tb gates">
      <thead>
        <tr>
          <th scope="col" className="l">
            Gate into
          </th>
          {gates.map((gate) => (
            <th key={gate.into} scope="col" className="l">
              <Gate gate={gate} />
              <EditGate gate={gate} onEdit={onEdit} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Decided by</th>
          {gates.map((gate) => (
            <td key={gate.into} className="l">
              <Votes gate={gate} />
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row">With its Go finance states</th>
          {gates.map((gate) => (
            <td key={gate.into} className={gate.financialValidation === 'NONE' ? 'l dim' : 'l'}>
              {VALIDATIONS[gate.financialValidation]}
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row">A Go freezes</th>
          {gates.map((gate) => (
            <td key={gate.into} className={gate.freezes.length === 0 ? 'l dim' : 'l'}>
              {gate.freezes.join(', ') || 'nothing'}
            </td>
          ))}
        </tr>
      </tbody>
      <tbody>
        <tr className="sec">
          <th scope="colgroup" colSpan={gates.length + 1}>
            What each asks
          </th>
        </tr>
        {criteriaOf(gates).map((one) => (
          <tr key={one.code}>
            <th scope="row">
              <b>{one.title}</b>
              <small>{one.asks}</small>
            </th>
            {gates.map((gate) => {
              const asked = askedAt(gate, one.code)
              return (
                <td key={gate.into} className="l">
                  {asked === null ? (
                    <span className="sr">not asked</span>
                  ) : (
                    <>
                      <Glyph name="done" word="asked" /> <small>{asked}</small>
                    </>
                  )}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The same on a phone: gate after gate. */
function GateList({ gates, onEdit }: GatesProps) {
  return (
    <ol className="gate-list">
      {gates.map((gate) => (
        <li key={gate.into}>
          <h3>
            Into <Gate gate={gate} />
            <EditGate gate={gate} onEdit={onEdit} />
          </h3>
          <dl>
            <dt>Decided by</dt>
            <dd>
              <Votes gate={gate} />
            </dd>
            <dt>Finance states</dt>
            <dd>{VALIDATIONS[gate.financialValidation]}</dd>
            <dt>A Go freezes</dt>
            <dd>{gate.freezes.join(', ') || 'nothing'}</dd>
            <dt>Asks for</dt>
            <dd>
              {gate.criteria.map(({ criterion }, index) => (
                <Fragment key={criterion.code}>
                  {index > 0 && ', '}
                  {criterion.title.toLowerCase()}
                  {askedAt(gate, criterion.code) && <span className="k"> ({askedAt(gate, criterion.code)})</span>}
                </Fragment>
              ))}
            </dd>
          </dl>
        </li>
      ))}
    </ol>
  )
}

type TablesProps = {
  policy: PolicyFullFragment
  /** Only while it is a draft that one may edit. */
  onEditGate?: (gate: GateRule) => void
  onEditRules?: () => void
}

/** One version of the policy, all of it, as tables. */
export function PolicyTables({ policy, onEditGate, onEditRules }: TablesProps) {
  return (
    <>
      <section className="card" aria-label="Gates">
        <header>
          <h2>Gates</h2>
          <span className="grow" />
          <span className="unit no-ph">each person has one vote; owner and submitter have none</span>
        </header>
        <div className="wide-only">
          <GateTable gates={policy.gates} onEdit={onEditGate} />
        </div>
        <div className="narrow-only">
          <GateList gates={policy.gates} onEdit={onEditGate} />
        </div>
      </section>
      <div className="pol-rest">
        <Weights policy={policy} />
        <Rules policy={policy} onEdit={onEditRules} />
        <Names policy={policy} />
      </div>
    </>
  )
}
