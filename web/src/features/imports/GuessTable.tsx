import { NONE } from '../../ui/numbers'
import { Scroll, Status } from '../../ui/parts'
import type { Tone } from '../../ui/words'
import type { Guess } from './useGuess'

const tone: Record<string, Tone> = { sure: 'ok', likely: 'none', perhaps: 'risk' }

/** The guessed mapping column by column, to be looked at before it is used. */
export function GuessTable({ guess }: { guess: Guess }) {
  return (
    <Scroll label="What the columns seem to mean">
      <table className="tb">
        <thead>
          <tr>
            <th scope="col" className="l">
              Column
            </th>
            <th scope="col" className="l">
              seems to be
            </th>
            <th scope="col" className="l">
              How sure
            </th>
            <th scope="col" className="l">
              Why
            </th>
          </tr>
        </thead>
        <tbody>
          {guess.columns.map((column) => (
            <tr key={column.header}>
              <th scope="row">{column.header}</th>
              <td className="l">{column.meaning ?? NONE}</td>
              <td className="l">
                <Status tone={tone[column.sure] ?? 'none'}>{column.sure}</Status>
              </td>
              <td className="l k wrap">{column.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
