/** Text that may be JSON: a file that a person chose, or what another release of the console kept. */

/** @returns the value; `undefined` for what is no JSON */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
