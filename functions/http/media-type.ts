/** Which of two forms of an answer a caller prefers, by its Accept header (RFC 9110, section 12.5.1). */

/** Bound on the media ranges that are considered: a header has room for thousands. */
const maxRanges = 20

/**
 * Whether a caller gets JSON where a browser gets a page. A caller that names neither gets the page, and so does one that likes both alike.
 *
 * @param accept the Accept header
 */
export function prefersJson(accept: string | undefined): boolean {
  const ranges = (accept ?? '*/*').split(',', maxRanges).map(readRange)
  const json = weightOf('application/json', ranges)
  const page = weightOf('text/html', ranges)
  return json.weight > page.weight || (json.weight === page.weight && json.isNamed && !page.isNamed)
}

/** Whether a caller asks for JSON-LD by name, and not for a page. */
export function prefersJsonLd(accept = ''): boolean {
  return /application\/ld\+json/i.test(accept) && !/text\/html/i.test(accept)
}

/** Whether a caller names HTML, as browsers do when a person opens an address, and does not prefer JSON. */
export function namesHtml(accept: string | undefined): boolean {
  return weightOf('text/html', (accept ?? '').split(',', maxRanges).map(readRange)).isNamed && !prefersJson(accept)
}

/** Whether a caller names JSON of any kind, such as `application/problem+json`. */
export const namesJson = (accept: string | undefined): boolean =>
  prefersJson(accept) || /[/+]json\b/i.test(accept ?? '')

interface Range {
  readonly type: string
  readonly weight: number
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.flatMap((each) => /^q=(\d(?:\.\d{0,3})?)$/.exec(each)?.[1] ?? [])[0]
  return { type, weight: weight === undefined ? 1 : Number(weight) }
}

/** The weight of the most specific range that covers the type; 0 when none does. */
function weightOf(type: string, ranges: readonly Range[]): { readonly weight: number; readonly isNamed: boolean } {
  for (const covering of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const range = ranges.find((each) => each.type === covering)
    if (range) return { weight: range.weight, isNamed: covering === type }
  }
  return { weight: 0, isNamed: false }
}
