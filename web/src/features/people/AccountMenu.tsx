import { useMutation } from '@apollo/client/react'
import { useState } from 'react'
import { useSession } from '../../app/session'
import { chooseTheme, chosenTheme, type Theme } from '../../app/theme'
import { SignOutDocument } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { Pop } from '../../ui/Pop'
import { Avatar } from '../../ui/parts'
import { word } from '../../ui/words'

const THEMES: Theme[] = ['system', 'light', 'dark']

function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme)
  return (
    <div className="opt-row">
      Theme
      <span className="grow" />
      <span className="seg" role="group" aria-label="Theme">
        {THEMES.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={theme === one}
            onClick={() => {
              chooseTheme(one)
              setTheme(one)
            }}
          >
            {one.charAt(0).toUpperCase() + one.slice(1)}
          </button>
        ))}
      </span>
    </div>
  )
}

export function AccountMenu() {
  const { person, seats } = useSession()
  const [signOut] = useMutation(SignOutDocument)
  const leave = async (everywhere: boolean) => {
    await signOut({ variables: { input: { everywhere } } })
    // A fresh page: no figure of this person stays in memory for the next one.
    location.assign('/')
  }
  const roles = [...new Set(seats.map((seat) => seat.role))].map((role) => word(role).toLowerCase()).join(', ')
  return (
    <Pop
      className="btn quiet who"
      label={
        <>
          <Avatar name={person.name} />
          <span>{person.name}</span>
          {roles && <span className="sr">, {roles}</span>}
        </>
      }
    >
      {() => (
        <>
          <p>
            <b>{person.name}</b>
            <br />
            <small className="k">{person.email}</small>
          </p>
          {seats.map((seat) => (
            <p key={seat.id}>
              <small>
                {word(seat.role)} <span className="k">of {seat.at?.name ?? 'the whole organization'}</span>
                {!seat.ratified && (
                  <span className="risk">
                    {' '}
                    <Glyph name="risk" /> not yet ratified
                  </span>
                )}
              </small>
            </p>
          ))}
          <hr />
          <ThemeChoice />
          <hr />
          <button type="button" onClick={() => void leave(false)}>
            Sign out
          </button>
          <button type="button" onClick={() => void leave(true)}>
            Sign out everywhere
          </button>
        </>
      )}
    </Pop>
  )
}
