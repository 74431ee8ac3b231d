import { useLazyQuery } from '@apollo/client/react'
import { useEffect } from 'react'
import { VerifyLedgerDocument, type VerifyLedgerQuery } from '../../gql/documents'
import { Status } from '../../ui/parts'

function told(proof: VerifyLedgerQuery['verifyLedger'] | undefined): string {
  if (!proof) return 'Verifying…'
  return proof.sound
    ? `r${proof.entries.toLocaleString('en-GB')} verified`
    : `Broken at r${Number(proof.firstFault).toLocaleString('en-GB')}`
}

/** Whether the whole chain of the ledger holds: proven when the page opens, and again on request. */
export function Proof() {
  const [prove, { data, error, loading }] = useLazyQuery(VerifyLedgerDocument, { fetchPolicy: 'network-only' })
  useEffect(() => void prove(), [prove])
  const proof = data?.verifyLedger
  // Who may not read all of it cannot prove it either; the page says nothing then.
  if (error) return null
  return (
    <span className="proof">
      <output title={proof && `Head of the chain: ${proof.head}`}>
        <Status tone={proof ? (proof.sound ? 'ok' : 'off') : 'none'}>{told(proof)}</Status>
      </output>
      <button type="button" className="btn" aria-disabled={loading || undefined} onClick={() => void prove()}>
        Verify again
      </button>
      {proof && !proof.sound && <p role="alert">{proof.sentence}</p>}
    </span>
  )
}
