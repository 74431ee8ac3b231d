import type { Light } from '../../gql/documents'
import type { Tone } from '../../ui/words'

export const LIGHTS: Light[] = ['GREEN', 'AMBER', 'RED', 'GREY']

export const lightTone: Record<Light, Tone> = { GREEN: 'ok', AMBER: 'risk', RED: 'off', GREY: 'none' }

/** A light is never told by its colour alone. */
export const lightWord: Record<Light, string> = {
  GREEN: 'On track',
  AMBER: 'At risk',
  RED: 'Off track',
  GREY: 'Not reported',
}

const order: Record<Light, number> = { GREY: 0, RED: 1, AMBER: 2, GREEN: 3 }

/** Whether a colour says more good than another; grey says nothing, so green over grey is better, too. */
export const isBetter = (one: Light, other: Light): boolean => order[one] > order[other]

/** How dark a cell of the matrix is: by its share of the largest one. */
export function heat(measures: number, most: number): 'h0' | 'h1' | 'h2' | 'h3' {
  if (measures === 0) return 'h0'
  const share = measures / Math.max(most, 1)
  return share > 2 / 3 ? 'h3' : share > 1 / 3 ? 'h2' : 'h1'
}
