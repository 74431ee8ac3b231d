import { useOrganization } from '../../app/session'
import type { EvidenceRowFragment } from '../../gql/documents'
import { day } from '../../ui/dates'
import { Icon } from '../../ui/Icon'
import { digits } from '../../ui/numbers'

/** Only web addresses become links: what a person typed is never run. */
const isWeb = (url: string | null): url is string => url !== null && /^https?:\/\//i.test(url)

export function EvidenceList({ evidence }: { evidence: readonly EvidenceRowFragment[] }) {
  const { today } = useOrganization()
  return (
    <ul className="evd" aria-label="Evidence">
      {evidence.map((one) => (
        <li key={one.at + one.source}>
          <Icon name="file" />
          <div>
            {isWeb(one.url) ? (
              <a className="lk" href={one.url} target="_blank" rel="noreferrer noopener">
                {one.source}
              </a>
            ) : (
              <b>{one.source}</b>
            )}
            {one.reading && <span className="num"> reads {digits(one.reading)}</span>}
            <small>
              {day(one.date, today)}, by {one.by.name}
              {one.note && ` · ${one.note}`}
            </small>
          </div>
        </li>
      ))}
    </ul>
  )
}
