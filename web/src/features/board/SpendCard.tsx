import type { Period } from '../../app/period'
import type { RollUpFiguresFragment } from '../../gql/documents'
import { amountOf, percent, scaleFor, unitOf } from '../../ui/numbers'
import { Amount } from '../../ui/parts'
import { ExplainRollUp } from './Explain'

type Common = { id: string; period: Period; currency: string }

export function SpendCard({ rollUp, id, period, currency }: Common & { rollUp: RollUpFiguresFragment }) {
  const unconfirmed = rollUp.leakage.find((step) => step.name === 'Not yet confirmed')
  const scale = scaleFor([rollUp.spend.value?.amount, rollUp.weighted.value?.amount])
  const before = amountOf(rollUp.spendBeforeDecision)
  const spend = amountOf(rollUp.spend)
  return (
    <section className="card" aria-label="Spend and certainty">
      <header>
        <h2>Spend and certainty</h2>
        <span className="grow" />
        <span className="unit">{unitOf(scale, currency)}</span>
      </header>
      <ul className="list rows">
        <li>
          <div className="row">
            <span className="a">
              <b>Spent so far</b>
              <span>one-off cost, capex and run cost</span>
            </span>
            <span className="m">
              <Amount money={rollUp.spend.value} scale={scale} />
              <small>
                <ExplainRollUp title="Spent so far" id={id} period={period} pick={(area) => area.spend} />
              </small>
            </span>
          </div>
        </li>
        <li>
          <div className="row">
            <span className="a">
              <b>Spent before a decision</b>
              <span>
                {spend > 0
                  ? `${percent(before / spend)} of the spend`
                  : rollUp.spend.value
                    ? 'nothing spent yet'
                    : 'on measures below Decided'}
              </span>
            </span>
            <span className="m">
              <span className={before > 0 ? 'worse' : undefined}>
                <Amount money={rollUp.spendBeforeDecision.value} scale={scale} />
              </span>
              <small>
                <ExplainRollUp
                  title="Spent before a decision"
                  id={id}
                  period={period}
                  pick={(area) => area.spendBeforeDecision}
                />
              </small>
            </span>
          </div>
        </li>
        <li>
          <div className="row">
            <span className="a">
              <b>Stage-weighted value</b>
              <span>each stage at its weight</span>
            </span>
            <span className="m">
              <Amount money={rollUp.weighted.value} scale={scale} />
              <small>
                <ExplainRollUp title="Stage-weighted value" id={id} period={period} pick={(area) => area.weighted} />
              </small>
            </span>
          </div>
        </li>
        <li>
          <div className="row">
            <span className="a">
              <b>Budget</b>
              <span>
                {rollUp.budgetSpent === null
                  ? 'none is set for portfolios here'
                  : `${percent(rollUp.budgetSpent)} of it is spent`}
              </span>
            </span>
            <span className="m">
              <Amount money={rollUp.budget.value} scale={scale} />
              <small>
                <ExplainRollUp title="Budget" id={id} period={period} pick={(area) => area.budget} />
              </small>
            </span>
          </div>
        </li>
        {unconfirmed && (
          <li>
            <div className="row">
              <span className="a">
                <b>Not yet confirmed</b>
                <span>outlook that is not in the books</span>
              </span>
              <span className="m">
                <Amount money={unconfirmed.amount.value} scale={scale} />
              </span>
            </div>
          </li>
        )}
      </ul>
    </section>
  )
}
