import { useOrganization } from '../../app/session'
import type { EvidenceRowFragment } from '../../gql/documents'
import { day } from '../../ui/dates'
import { Icon } from '../../ui/Icon'
import { bytes, digits } from '../../ui/numbers'

/** Only web addresses become links: what a person typed is never run. */
const isWeb = (url: string | null): url is string => url !== null && /^https?:\/\//i.test(url)

/** Where it came from: the document itself, a link to it, or its name. */
function Source({ evidence: { source, file, url } }: { evidence: EvidenceRowFragment }) {
  if (file)
    return (
      <a className="lk" href={file.href} download={file.name}>
        {source}
      </a>
    )
  if (!isWeb(url)) return <b>{source}</b>
  return (
    <a className="lk" href={url} target="_blank" rel="noreferrer noopener">
      {source}
    </a>
  )
}

/** The file's name and size, and the beginning of the hash that the ledger keeps. */
const Fingerprint = ({ file }: { file: NonNullable<EvidenceRowFragment['file']> }) => (
  <span className="fileprint" title={`SHA-256 ${file.sha256}`}>
    {file.name}, {bytes(file.size)}, SHA-256 {file.sha256.slice(0, 8)}…
  </span>
)

export function EvidenceList({ evidence }: { evidence: readonly EvidenceRowFragment[] }) {
  const { today } = useOrganization()
  return (
    <ul className="evd" aria-label="Evidence">
      {evidence.map((one) => (
        <li key={one.at + one.source}>
          <Icon name="file" />
          <div>
            <Source evidence={one} />
            {one.reading && <span className="num"> reads {digits(one.reading)}</span>}
            <small>
              {day(one.date, today)}, by {one.by.name}
              {one.note && ` · ${one.note}`}
              {one.file && <Fingerprint file={one.file} />}
            </small>
          </div>
        </li>
      ))}
    </ul>
  )
}
