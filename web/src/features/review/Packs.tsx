import { useAsOf } from '../../app/moment'
import { useOrganization } from '../../app/session'

const FORMATS = [
  ['pptx', 'Slides'],
  ['xlsx', 'Workbook'],
  ['pdf', 'PDF'],
] as const

type Props = { id: string; revision?: string | null }

/** The board pack of a place as three files: as it stands on the screen, or as of a revision that a review kept. */
export function Packs({ id, revision }: Props) {
  const organization = useOrganization()
  const { asOf } = useAsOf()
  const asked = new URLSearchParams()
  const then = revision ?? asOf?.replace(/^r/, '')
  if (then) asked.set('asOf', then)
  const query = asked.size > 0 ? `?${asked}` : ''
  const place = id === organization.id ? 'organization' : id
  return (
    <span className="packs">
      {FORMATS.map(([format, name]) => (
        <a key={format} className="btn small" href={`/board-pack/${place}.${format}${query}`} download>
          {name}
        </a>
      ))}
    </span>
  )
}
