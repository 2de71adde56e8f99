/**
 * Checks the form of a GPP string (IAB's Global Privacy Platform, https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform):
 * the header, and one section for each id in it. The sections themselves have formats that change yearly, and are kept undecoded.
 *
 *   string   header ‖ `~` ‖ section ‖ `~` ‖ section ...
 *   header   base64url of: 6 bits type, always 3 ‖ 6 bits version, always 1 ‖ 12 bits number of ids ‖ ids
 *   ids      0 ‖ distance from the id before   or   1 ‖ distance of the first ‖ distance of the last, in Fibonacci code
 */
import type { GppFinding } from '../../shared/consent/tcf-gpp-findings.ts'

/** IAB has assigned about thirty ids. */
const maxSections = 64
const maxSectionId = 4095

/** Never throws. */
export function readGppString(text: string): GppFinding {
  const [header = '', ...parts] = text.split('~', maxSections + 2)
  const sections = /^[\w-]{4,200}$/.test(header) ? sectionsIn(bitsOf(header)) : undefined
  const isWhole = sections?.length === parts.length && parts.every((part) => /^[\w.-]+$/.test(part))
  return isWhole ? { verdict: 'plausible', sections } : { verdict: 'malformed' }
}

function sectionsIn(bits: string): number[] | undefined {
  if (!bits.startsWith('000011000001')) return undefined
  const sections: number[] = []
  let at = 24
  let last = 0
  const next = (): number => {
    const end = bits.indexOf('11', at)
    const distance = end < 0 ? Number.NaN : fibonacci(bits.slice(at, end + 1))
    at = end + 2
    return distance
  }
  for (let left = Number.parseInt(bits.slice(12, 24), 2); left > 0; left -= 1) {
    const isRange = bits[at] === '1'
    at += 1
    const first = last + next()
    last = isRange ? first + next() : first
    if (!(last <= maxSectionId) || sections.length + last - first >= maxSections) return undefined
    for (let id = first; id <= last; id += 1) sections.push(id)
  }
  return sections
}

/** Fibonacci code without its closing bit: bit n has the value of the n-th of 1, 2, 3, 5, 8, 13 ... */
function fibonacci(bits: string): number {
  let [sum, value, following] = [0, 1, 2]
  for (const bit of bits) {
    if (bit === '1') sum += value
    ;[value, following] = [following, value + following]
  }
  return sum
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function bitsOf(base64url: string): string {
  return Array.from(base64url, (character) => alphabet.indexOf(character).toString(2).padStart(6, '0')).join('')
}
