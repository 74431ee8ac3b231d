import './lights.css'
import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { useOrganization } from '../../app/session'
import {
  type Light,
  type LightKind,
  MeasureLightsDocument,
  type ReadingFragment,
  SetLightDocument,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useActivity } from '../../gql/useActivity'
import { ActDialog } from '../../ui/Dialog'
import { day } from '../../ui/dates'
import { AreaField, required, SelectField, text } from '../../ui/fields'
import { CardBones, Failed, Status } from '../../ui/parts'
import { say } from '../../ui/toast'
import { ActButton } from '../../ui/Why'
import { isBetter, LIGHTS, lightTone, lightWord } from './light'

const TITLE: Record<LightKind, string> = {
  IMPLEMENTATION: 'Implementation: is the work on time?',
  POTENTIAL: 'Potential: is the value still coming?',
}
const BACK = 'GREY'

type DialogProps = { measure: string; light: LightKind; reading: ReadingFragment; onClose: () => void }

/** Worse than proposed is set freely; better asks for a reason, which is counted and shown. */
function LightDialog({ measure, light, reading, onClose }: DialogProps) {
  const { act, busy, no } = useAct(SetLightDocument)
  const [chosen, setChosen] = useState<Light>(reading.set === 'GREY' ? reading.proposed : reading.set)
  const better = chosen !== BACK && isBetter(chosen, reading.proposed)
  const send = async (fields: FormData) => {
    const colour = required(fields, 'colour') as Light
    const done = await act({ measure, light, colour: colour === BACK ? null : colour, reason: text(fields, 'reason') })
    if (!done) return
    say(colour === BACK ? 'Light taken back.' : `Light set: ${lightWord[colour].toLowerCase()}.`)
    onClose()
  }
  return (
    <ActDialog title={TITLE[light]} submit="Set the light" onClose={onClose} onSubmit={send} busy={busy} no={no}>
      <p className="k">
        Proposed: <Status tone={lightTone[reading.proposed]}>{lightWord[reading.proposed]}</Status> {reading.why}
      </p>
      <SelectField
        label="Light"
        name="colour"
        value={chosen}
        onChange={(value) => setChosen(value as Light)}
        choices={LIGHTS.map((value) => ({
          value,
          label: value === BACK ? 'Not reported (take back)' : lightWord[value],
        }))}
      />
      <AreaField
        label="Reason"
        name="reason"
        required={better}
        defaultValue={reading.reason ?? ''}
        hint={
          better
            ? 'Better than proposed: the reason is counted and shown.'
            : 'Optional where it is not better than proposed.'
        }
      />
    </ActDialog>
  )
}

function OneLight({ title, reading }: { title: string; reading: ReadingFragment }) {
  const { today } = useOrganization()
  const asSet = reading.set !== 'GREY'
  return (
    <>
      <h3>
        {title} <Status tone={lightTone[reading.shown]}>{lightWord[reading.shown]}</Status>
      </h3>
      <p>
        {asSet && reading.setBy && reading.setAt
          ? `Set by ${reading.setBy.name} on ${day(reading.setAt.slice(0, 10), today)}.`
          : 'Nobody has set it since the last review.'}{' '}
        {reading.reason && `“${reading.reason}”`}
      </p>
      <p>
        Proposed: {lightWord[reading.proposed].toLowerCase()}. {reading.why}
      </p>
    </>
  )
}

/** The two lights of a measure: what is shown, what the system proposes and why, and the way to set them. */
export function MeasureLightsCard({ id, revision }: { id: string; revision: string }) {
  const { data, previousData, error, refetch } = useQuery(MeasureLightsDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  })
  const [open, setOpen] = useState<LightKind | null>(null)
  useActivity(id, revision, () => void refetch())
  const found = (data ?? (previousData?.node?.id === id ? previousData : undefined))?.node
  const measure = found && 'lights' in found ? found : null
  if (!measure)
    return error ? (
      <section className="card">
        <Failed what="The lights" problem={error} retry={() => void refetch()} />
      </section>
    ) : (
      <CardBones title="Lights" lines={3} />
    )
  const { implementation, potential } = measure.lights
  const button = (light: LightKind) => (
    <span>
      <ActButton acts={measure.acts} act="setLight" className="btn small" onClick={() => setOpen(light)}>
        Set {light === 'IMPLEMENTATION' ? 'implementation' : 'potential'}
      </ActButton>
    </span>
  )
  return (
    <section className="card" aria-label="Lights">
      <header>
        <h2>Lights</h2>
      </header>
      <div className="lights">
        <div>
          <OneLight title="Implementation" reading={implementation} />
          {button('IMPLEMENTATION')}
        </div>
        <div>
          <OneLight title="Potential" reading={potential} />
          {button('POTENTIAL')}
        </div>
      </div>
      {open && (
        <LightDialog
          measure={id}
          light={open}
          reading={open === 'IMPLEMENTATION' ? implementation : potential}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  )
}
