import { useQuery } from '@apollo/client/react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import { useSession } from '../../app/session'
import { type Level, RightsMatrixDocument, RightsWhyDocument, type Role } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { Icon } from '../../ui/Icon'
import { Bone, CardBones, Empty, Failed } from '../../ui/parts'
import { LEVELS, STAGES, stageNumber, word } from '../../ui/words'
import { Area } from './Area'
import { type ActRow, type Cell, firstSentence, reasons, rowsOf, stageNames, stageRange } from './rights'
import { ROLES } from './seats'

const MEASURES: (Level | null)[] = ['INITIATIVE', 'SALES_PLAN']

/** A sign for always, the stages for sometimes, and nothing for never. */
function Open({ cell }: { cell: Cell | undefined }) {
  if (cell === 'always') return <Glyph name="done" word="may" />
  if (cell === undefined || cell === 'never') return <span className="sr">may not</span>
  return (
    <span className="num" title={stageNames(cell)}>
      <span className="sr">may at stages </span>
      {stageRange(cell)}
    </span>
  )
}

/** Why an act is closed to whom it is closed, each reason once. */
function Why({ act, level }: { act: string; level: Level | null }) {
  const { data, error } = useQuery(RightsWhyDocument, { variables: { acts: [act], levels: level && [level] } })
  if (error) return <p className="k">{error.message}</p>
  if (!data) return <Bone width="60%" />
  const rows = (data.organization?.rightsMatrix ?? []).filter((row) => row.level === level)
  const found = reasons(rows)
  if (found.length === 0) return <p>It is open to every role.</p>
  return (
    <ul className="bullets">
      {found.map(({ why, stages }) => (
        <li key={why}>
          {stages.length > 0 && <span className="k">At {stageRange(stages)}: </span>}
          {why}
        </li>
      ))}
    </ul>
  )
}

type TableProps = { rows: readonly ActRow[]; level: Level | null; sentences: ReadonlyMap<string, string> }

/** Acts down, roles across; pressing an act says why it is closed to the others. */
function Matrix({ rows, level, sentences }: TableProps) {
  const [opened, setOpened] = useState<string | null>(null)
  return (
    <table className="tb rights">
      <thead>
        <tr>
          <th scope="col" className="l">
            Act
          </th>
          {ROLES.map(([role]) => (
            <th key={role} scope="col">
              {word(role)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ act, cells }) => (
          <Fragment key={act}>
            <tr>
              <th scope="row">
                <button
                  type="button"
                  aria-expanded={opened === act}
                  onClick={() => setOpened(opened === act ? null : act)}
                >
                  <Icon name={opened === act ? 'down' : 'right'} />
                  {firstSentence(sentences.get(act) ?? act)}
                </button>
              </th>
              {ROLES.map(([role]) => (
                <td key={role}>
                  <Open cell={cells.get(role)} />
                </td>
              ))}
            </tr>
            {opened === act && (
              <tr className="why-row">
                <td colSpan={ROLES.length + 1} className="l">
                  <code>{act}</code>
                  <Why act={act} level={level} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  )
}

/** On a phone: what one role may do, and below it what it may not. */
function OfRole({
  rows,
  sentences,
  role,
}: {
  rows: readonly ActRow[]
  sentences: TableProps['sentences']
  role: Role
}) {
  const may = rows.filter((row) => row.cells.get(role) !== 'never')
  const mayNot = rows.filter((row) => row.cells.get(role) === 'never')
  const list = (title: string, found: readonly ActRow[]) =>
    found.length > 0 && (
      <>
        <h2 className="of-role">{title}</h2>
        <ul className="list">
          {found.map(({ act, cells }) => {
            const cell = cells.get(role)
            return (
              <li key={act} className="row">
                <span className="a">{firstSentence(sentences.get(act) ?? act)}</span>
                {typeof cell === 'object' && <span className="m">at {stageRange(cell)}</span>}
              </li>
            )
          })}
        </ul>
      </>
    )
  return (
    <>
      {list(`What the ${word(role).toLowerCase()} may do`, may)}
      {list('What not', mayNot)}
    </>
  )
}

/** Who may do what, on each level and at each stage: the table that the server itself asks. */
export function RightsPage() {
  const { at, role: asked, q } = useSearch({ from: '/governance/rights' })
  const navigate = useNavigate()
  const { seats } = useSession()
  const level = LEVELS.find((one) => one === at) ?? (at === 'organization' ? null : 'INITIATIVE')
  const { data, previousData, error, refetch } = useQuery(RightsMatrixDocument, {
    variables: { levels: level && [level] },
  })
  const organization = (data ?? previousData)?.organization
  const sentences = new Map((organization?.governedActs ?? []).map((one) => [one.act, one.sentence]))
  const rows = rowsOf(organization?.rightsMatrix ?? [], level).filter(({ act }) =>
    `${act} ${sentences.get(act)}`.toLowerCase().includes((q ?? '').trim().toLowerCase()),
  )
  const role = ROLES.find(([one]) => one === asked)?.[0] ?? seats[0]?.role ?? 'SPONSOR'
  const change = (next: { at?: string; role?: string; q?: string }) =>
    void navigate({ to: '/governance/rights', search: (before) => ({ ...before, ...next }), replace: true })
  return (
    <Area title="Rights" sub="who may do what, on each level and at each stage">
      <div className="fbar" role="search">
        <span className="inp">
          <Icon name="search" />
          <input
            type="search"
            aria-label="Search the acts"
            placeholder="Search acts  ( / )"
            defaultValue={q ?? ''}
            onChange={(event) => change({ q: event.target.value || undefined })}
          />
        </span>
        <div className="seg levels" role="group" aria-label="Level">
          <button type="button" aria-pressed={level === null} onClick={() => change({ at: 'organization' })}>
            Organization
          </button>
          {LEVELS.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={level === one}
              onClick={() => change({ at: one === 'INITIATIVE' ? undefined : one })}
            >
              {word(one)}
            </button>
          ))}
        </div>
        <select
          className="in narrow-only"
          aria-label="Role"
          value={role}
          onChange={(event) => change({ role: event.target.value })}
        >
          {ROLES.map(([one]) => (
            <option key={one} value={one}>
              {word(one)}
            </option>
          ))}
        </select>
      </div>
      {MEASURES.includes(level) && (
        <p className="note under stages-note">
          {STAGES.map((stage) => `${stageNumber(stage)} ${word(stage)}`).join(' · ')}
        </p>
      )}
      {error && !organization ? (
        <section className="card">
          <Failed what="The rights" problem={error} retry={() => void refetch()} />
        </section>
      ) : !organization || (!data && rows.length === 0) ? (
        <CardBones lines={12} />
      ) : (
        <section className="card" aria-label="Rights">
          {rows.length === 0 ? (
            <Empty>No act fits what you look for.</Empty>
          ) : (
            <>
              <div className="wide-only">
                <Matrix rows={rows} level={level} sentences={sentences} />
              </div>
              <div className="narrow-only">
                <OfRole rows={rows} sentences={sentences} role={role} />
              </div>
            </>
          )}
        </section>
      )}
      <p className="note under">
        A right is held where the seat is, and everywhere below. Who owns or submitted a measure never votes on it, and
        one person has one vote; while a gate is submitted, what was handed in is frozen.
      </p>
    </Area>
  )
}
