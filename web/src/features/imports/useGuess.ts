import { print } from 'graphql'
import { useState } from 'react'
import { GuessMappingDocument, type GuessMappingQuery, type ImportKind } from '../../gql/documents'
import { sendFiles } from '../../gql/useFiles'

export type Guess = NonNullable<GuessMappingQuery['guessMapping']>

/** What the headers and first rows of a sheet seem to mean; `problem` says why that could not be had. */
export function useGuess() {
  const [guess, setGuess] = useState<Guess | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const ask = async (file: File, kind: ImportKind): Promise<string | null> => {
    setProblem(null)
    setGuess(null)
    try {
      const variables = { file: null, kind }
      const { data, errors } = await sendFiles<GuessMappingQuery>(print(GuessMappingDocument), variables, { file })
      if (!data?.guessMapping) {
        setProblem(errors?.[0]?.message ?? 'The server did not answer.')
        return null
      }
      setGuess(data.guessMapping)
      return data.guessMapping.yaml
    } catch {
      setProblem('The file did not reach the server. Try again: nothing was recorded.')
      return null
    }
  }
  return { guess, problem, ask }
}
