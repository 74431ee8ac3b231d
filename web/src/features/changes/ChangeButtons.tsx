import { useState } from 'react'
import type { MeasureChangesFragment, MeasureHeadFragment } from '../../gql/documents'
import { ActButton } from '../../ui/Why'
import { ProposeDialog } from './ProposeDialog'
import { ReopenDialog } from './ReopenDialog'

/** From Decided on the plan changes by a change request, and a closed measure is reopened. */
export function ChangeButtons({ measure }: { measure: MeasureHeadFragment & MeasureChangesFragment }) {
  const [open, setOpen] = useState<'change' | 'reopen' | null>(null)
  const close = () => setOpen(null)
  if (measure.planVersions.length === 0) return null
  return (
    <>
      {measure.stage === 'CLOSED' ? (
        <ActButton acts={measure.acts} act="reopenMeasure" onClick={() => setOpen('reopen')}>
          Reopen
        </ActButton>
      ) : (
        <ActButton acts={measure.acts} act="proposeChange" onClick={() => setOpen('change')}>
          Change request
        </ActButton>
      )}
      {open === 'change' && <ProposeDialog measure={measure.id} onClose={close} />}
      {open === 'reopen' && <ReopenDialog measure={measure} onClose={close} />}
    </>
  )
}
