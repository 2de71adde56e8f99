/** The shape of a mark: a circle with a tick, a square with a cross, a diamond, or a number in a box. Its group is its middle. */
import { markSize } from './pixels.ts'
import type { Tone } from './tones.ts'

const r = markSize / 2 - 2

export interface MarkShapeProps {
  readonly tone: Tone | 'mixed'
  /** Drawn in the place of tick or cross. */
  readonly number?: string
}

export function MarkShape({ tone, number }: MarkShapeProps) {
  return (
    <>
      {tone === 'yes' && <circle class="shape yes" r={r} />}
      {tone === 'no' && <rect class="shape no" x={-r} y={-r} width={2 * r} height={2 * r} />}
      {tone === 'neither' && <path class="shape neither" d={`M0 ${-r - 2} L${r + 2} 0 L0 ${r + 2} L${-r - 2} 0 Z`} />}
      {tone === 'mixed' && <rect class="shape mixed" x={-r} y={-r} width={2 * r} height={2 * r} rx={5} />}
      {number !== undefined ? (
        <text class={`number ${number.length > 3 ? 'longest' : number.length > 2 ? 'long' : ''}`} y={4}>
          {number}
        </text>
      ) : (
        <path class="sign" d={signs[tone]} />
      )}
    </>
  )
}

const signs: Readonly<Record<Tone | 'mixed', string>> = {
  yes: 'M-4.5 0.5 L-1.5 3.5 L4.5 -3.5',
  no: 'M-4 -4 L4 4 M4 -4 L-4 4',
  neither: 'M-3.5 0 L3.5 0',
  mixed: 'M-3.5 0 L3.5 0 M0 -3.5 L0 3.5',
}
