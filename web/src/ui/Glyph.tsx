import type { ReactNode } from 'react'
import type { Tone } from './words'

export type GlyphName = Tone | 'done' | 'left' | 'right' | 'up' | 'down'

/**
 * Signs drawn as shapes. As characters they would be empty boxes wherever no font of the system holds them: the part of
 * Inter that is sent has none of them.
 */
const SHAPES: Record<GlyphName, ReactNode> = {
  ok: <circle cx="6" cy="6" r="4.5" />,
  risk: <path d="M6 1 11.500 10.500H.5z" />,
  off: <path d="M1.500 1.500h9v9h-9z" />,
  none: <circle className="line" cx="6" cy="6" r="4" />,
  done: <path className="line" d="m1.500 6.500 3 3 6-7" />,
  left: <path className="line" d="M11 6H1M4.500 2.500 1 6l3.500 3.500" />,
  right: <path className="line" d="M1 6h10M7.500 2.500 11 6 7.500 9.500" />,
  up: <path className="line" d="M6 11V1M2.500 4.500 6 1l3.500 3.500" />,
  down: <path className="line" d="M6 1v10M2.500 7.500 6 11l3.500-3.500" />,
}

/** A sign the size of the text around it. Always decoration, unless it is given a word for those who do not see it. */
export function Glyph({ name, word }: { name: GlyphName; word?: string }) {
  return (
    <>
      <svg className="gl" viewBox="0 0 12 12" aria-hidden="true">
        {SHAPES[name]}
      </svg>
      {word && <span className="sr">{word}</span>}
    </>
  )
}
