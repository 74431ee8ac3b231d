import { type FormEvent, useEffect } from 'react'
import { SignInDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { required, TextField } from '../../ui/fields'
import { Mark } from '../../ui/Icon'
import { Refused } from '../../ui/parts'

const STAGES = [
  ['Defined', 'written down, not yet governed'],
  ['Identified', 'owner, sponsor, controller named; size estimated'],
  ['Detailed', 'baseline, plan by month, milestones, risks'],
  ['Decided', 'approved; finance has confirmed size and timing'],
  ['Implemented', 'every critical milestone achieved, with evidence'],
  ['Closed', 'the controller has confirmed the value in the books'],
] as const

export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const { act, busy, no } = useAct(SignInDocument)
  useEffect(() => {
    document.title = 'Sign in · Stageline'
  }, [])
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    if (await act({ email: required(fields, 'email'), password: String(fields.get('password') ?? '') })) onSignedIn()
  }
  return (
    <div className="signin">
      <main id="main">
        <form className="box" onSubmit={send}>
          <div className="brand">
            <Mark />
            Stageline
          </div>
          <h1>Sign in</h1>
          <p className="k">From the board’s decision to the seller’s Monday.</p>
          <TextField label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
          <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
          <Refused no={no} />
          <button type="submit" className="btn primary" aria-disabled={busy || undefined}>
            {busy ? 'Signing in…' : 'Sign in'}
          </button>
          <p className="note">
            Trying the sample company? <code>./run</code> prints its sign-ins when it starts.
          </p>
        </form>
      </main>
      <aside aria-label="The six stages">
        <h2>One hierarchy, one gate process, one set of numbers that finance confirms.</h2>
        <ol>
          {STAGES.map(([name, meaning], number) => (
            <li key={name}>
              <b>{number}</b>
              <span>{name}</span>
              <span>{meaning}</span>
            </li>
          ))}
        </ol>
      </aside>
    </div>
  )
}
