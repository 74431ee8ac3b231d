import { useLazyQuery } from '@apollo/client/react'
import type { FormEvent } from 'react'
import { NodeLink } from '../../app/NodeLink'
import { TestMatchDocument } from '../../gql/documents'
import { TextField } from '../../ui/fields'
import { Failed } from '../../ui/parts'
import { dealOf, PROPERTIES } from './deal'

/** "This deal would go to …, because …", before any such deal comes. */
export function TesterCard() {
  const [ask, { data, error, loading }] = useLazyQuery(TestMatchDocument, { fetchPolicy: 'network-only' })
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    void ask({ variables: { deal: dealOf(new FormData(event.currentTarget)) } })
  }
  const test = data?.organization?.testMatch
  return (
    <section className="card" aria-label="Try a deal">
      <header>
        <h2>Try a deal</h2>
      </header>
      <form className="pad cards" onSubmit={send}>
        <div className="three keep">
          {PROPERTIES.map(([name, label]) => (
            <TextField key={name} label={label} name={name} />
          ))}
        </div>
        <button type="submit" className="btn primary fit" aria-disabled={loading || undefined}>
          Where would it go?
        </button>
      </form>
      {error && <Failed what="The answer" problem={error} />}
      <div className="pad" role="status">
        {test && (
          <>
            <p>
              {test.plan && <NodeLink node={test.plan}>{test.plan.name}</NodeLink>} {test.because}
            </p>
            {test.nearest && <p className="k">{test.nearest.sentence}</p>}
          </>
        )}
      </div>
    </section>
  )
}
