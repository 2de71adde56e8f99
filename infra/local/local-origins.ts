/**
 * Web origins that the demo's sites allow on a developer's machine beyond their published ones, because a developer's page may be on any
 * port. These origins are not recorded, and hold while the server runs.
 */
import type { Instance } from '../../functions/instance.ts'
import { readOrigin } from '../../shared/consent/origin.ts'
import type { Site } from '../../shared/consent/site.ts'
import { Misuse } from '../command-line.ts'

/** Every port of this machine, by each name of the loopback interface. */
const loopback = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/**
 * @param sites of the demo; no other site is widened
 * @param own the ledger's address, whose hosted pages call it as well
 * @param more origins as `parseOrigins` returns them
 */
export function localOrigins(
  sites: Iterable<Site>,
  own: () => string,
  more: readonly string[] = [],
): NonNullable<Instance['allowsOrigin']> {
  const keys = new Set([...sites].map(({ key }) => key))
  return ({ key }, origin) => keys.has(key) && (loopback.test(origin) || origin === own() || more.includes(origin))
}

/**
 * Reads origins separated by commas, and writes each as browsers send it.
 *
 * @throws Misuse when one is not `http(s)://host[:port]`
 */
export function parseOrigins(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').filter(Boolean).map(parseOrigin)
}

function parseOrigin(given: string): string {
  const read = readOrigin(given)
  if ('origin' in read && /^https?:/.test(read.origin)) return read.origin
  throw new Misuse(
    `--allow-origin is the address of a page without a path, like http://192.168.1.20:3000, not ${given}`,
  )
}
