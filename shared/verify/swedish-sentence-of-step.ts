/** Translates the sentence of a step into Swedish. */

import { swedishSteps, swedishValues } from './steps-sv.ts'
import type { Step } from './verification.ts'

/** A quoted excerpt of the file is matched as a whole, so that its content cannot be mistaken for the verifier's own words. */
const quoted = '"(?:[^"\\\\]|\\\\.)*"'
const value = `(?:${quoted}|[^"])`

/** Failures, and sentences without a translation, stay English. */
export function swedishSentenceOf({ step, outcome, says }: Step): string {
  if (outcome === 'failed') return says
  for (const [english, swedish] of Object.entries(swedishSteps[step].says)) {
    const values = patternOf(english).exec(says)
    if (values) return swedish.replaceAll(/\{(\w+)\}/g, (_, name: string) => inSwedish(values.groups?.[name] ?? ''))
  }
  return says
}

const ownWords = new RegExp(`${quoted}|\\b(?:${Object.keys(swedishValues).join('|')})\\b`, 'gs')

function inSwedish(given: string): string {
  return given.replaceAll(ownWords, (piece) => swedishValues[piece] ?? piece)
}

function patternOf(english: string): RegExp {
  const source = english
    .split(/(\{[^}]*\})/)
    .map((part) => (part.startsWith('{') ? slotOf(part.slice(1, -1)) : RegExp.escape(part)))
  return new RegExp(`^${source.join('')}$`, 'su')
}

function slotOf(slot: string): string {
  if (slot.includes('|')) return `(?:${slot.split('|').map(RegExp.escape).join('|')})`
  return `(?<${slot}>${value}+?)`
}
