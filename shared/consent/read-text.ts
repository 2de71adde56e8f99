/**
 * A text as a person reads it, for comparisons: differences that no reader can see are removed. The published text and its hash stay as
 * they are.
 *
 * The result has LF at the end of every line, the last one too, no blanks before it and no empty lines at the end. It has no byte order
 * mark, and its characters are composed (Unicode NFC).
 */
export function asRead(text: string): string {
  const lines = text
    .replace(/^\uFEFF/, '')
    .normalize('NFC')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  return lines.map((line) => `${line}\n`).join('')
}

/** A JSON value with every string in it as `asRead` returns it, without the final LF. */
export function valueAsRead(value: unknown): unknown {
  if (typeof value === 'string') return asRead(value).slice(0, -1)
  if (Array.isArray(value)) return value.map(valueAsRead)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, valueAsRead(member)]))
}
