/**
 * Lines of a text that comes in chunks, numbered from 1. A line ends with LF or CR LF. A line that is longer than `maxLineLength` is passed over
 * without being kept, so one without an end takes no memory.
 */
export interface Line {
  readonly number: number
  /** `undefined` for a line that is too long. */
  readonly text: string | undefined
}

/** Characters. An event takes a few hundred. */
export const maxLineLength = 64 * 1024

/** The lines that end within each chunk; none, for one within a long line. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<readonly Line[]> {
  let number = 1
  let held = ''
  let isTooLong = false

  function line(text: string): Line {
    const whole = held + text
    const made = { number, text: isTooLong || whole.length > maxLineLength ? undefined : whole.replace(/\r$/, '') }
    number++
    held = ''
    isTooLong = false
    return made
  }

  for await (const chunk of chunks) {
    const parts = chunk.split('\n')
    const rest = parts.pop() ?? ''
    const lines = parts.map(line)
    if (!isTooLong && held.length + rest.length <= maxLineLength) held += rest
    else {
      isTooLong = true
      held = ''
    }
    yield lines
  }
  if (held !== '' || isTooLong) yield [line('')]
}
