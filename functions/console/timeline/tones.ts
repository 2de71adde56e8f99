/** Whether a decision or a status lets something happen, forbids it, or does neither. A shape and a word go with each, never colour alone. */
import type { Decision } from './lanes.ts'

export type Tone = 'yes' | 'no' | 'neither'

const tones: Readonly<Record<Decision['verb'], Tone>> = {
  given: 'yes',
  accepted: 'yes',
  acknowledged: 'yes',
  'objection-withdrawn': 'yes',
  confirmed: 'yes',
  refused: 'no',
  withdrawn: 'no',
  objected: 'no',
  declined: 'no',
  revoked: 'no',
  invalidated: 'no',
  requested: 'neither',
  deferred: 'neither',
  'objection-overruled': 'neither',
}

export const toneOfVerb = (verb: Decision['verb']): Tone => tones[verb]
