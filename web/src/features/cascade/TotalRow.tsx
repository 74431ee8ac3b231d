import type { CascadeTotalFragment } from '../../gql/documents'
import type { Scale } from '../../ui/numbers'
import { Amount } from '../../ui/parts'

type Props = { headline: CascadeTotalFragment['rollUp']['headline']; index: number; scale: Scale; decimals: number }

/** The organization's own figures under its objectives. */
export const TotalRow = ({ headline, index, scale, decimals }: Props) => (
  <div className="tr o" role="row" aria-rowindex={index}>
    <div className="nm" role="gridcell">
      <span className="tw" />
      <span className="t">Total</span>
    </div>
    <div className="hp" role="gridcell" />
    <div className="hp" role="gridcell" />
    <div className="r hp" role="gridcell">
      <Amount money={headline.plan.value} scale={scale} decimals={decimals} />
    </div>
    <div className="r out" role="gridcell">
      <Amount money={headline.outlook.value} scale={scale} decimals={decimals} />
    </div>
    <div className="r hp" role="gridcell">
      <Amount money={headline.actual.value} scale={scale} decimals={decimals} />
    </div>
    <div className="r gap" role="gridcell">
      <Amount money={headline.gap.value} scale={scale} decimals={decimals} variance />
    </div>
    <div className="hp" role="gridcell" />
  </div>
)
