/**
 * A text as a person reads it: what no reader can see is written one way. Texts that differ in nothing else are the same text to compare;
 * what was published, and its hash, stay as they are.
 *
 * Line ends are LF, lines have no blanks at their end, and there is no byte order mark. Characters are composed (Unicode NFC), and the last
 * line ends like the others.
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

/** A JSON value with every string in it `asRead`, but without the end of line that `asRead` adds. */
export function valueAsRead(value: unknown): unknown {
  if (typeof value === 'string') return asRead(value).slice(0, -1)
  if (Array.isArray(value)) return value.map(valueAsRead)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, valueAsRead(member)]))
}
