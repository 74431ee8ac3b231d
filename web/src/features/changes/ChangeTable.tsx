import './changes.css'
import { NONE } from '../../ui/numbers'
import { Scroll } from '../../ui/parts'

/** One place of the plan, before and after, as text. */
export type ChangeRow = { key: string; what: string; before: string; after: string; difference: string; title: string }
export type ChangeGroup = { name: string; unit: string; rows: ChangeRow[]; total: string | null }

const Blank = ({ text }: { text: string }) => (text === '' ? <span className="dim">{NONE}</span> : text)

/** What differs between two plans: before, after and the difference, line by line. */
export function ChangeTable({ groups, label }: { groups: readonly ChangeGroup[]; label: string }) {
  return (
    <Scroll label={label} className="chtable">
      <table className="tb">
        <thead>
          <tr>
            <th className="l" scope="col">
              What
            </th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.name}>
            <tr className="grp">
              <th scope="rowgroup" colSpan={3}>
                {group.name} {group.unit && <span className="unit">{group.unit}</span>}
              </th>
              <td>{group.total}</td>
            </tr>
            {group.rows.map((row) => (
              <tr key={row.key} title={row.title}>
                <th scope="row">{row.what}</th>
                <td>
                  <Blank text={row.before} />
                </td>
                <td>
                  <Blank text={row.after} />
                </td>
                <td>
                  <Blank text={row.difference} />
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </Scroll>
  )
}
