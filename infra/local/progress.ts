/** Progress of a program that runs long: on a terminal one line that is overwritten, elsewhere lines of their own; at most one a second. */

export interface Progress {
  show(line: string): void
  /** Removes the line from a terminal, before the result is printed. */
  end(): void
}

const everyMs = 1_000

export function progressOn(
  stream: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean },
  clock = Date.now,
): Progress {
  const isTerminal = stream.isTTY === true
  let shownAt = clock()
  let isOnLine = false
  return {
    show(line) {
      if (clock() - shownAt < everyMs) return
      shownAt = clock()
      isOnLine = isTerminal
      stream.write(isTerminal ? `\r\x1b[K${line}` : `${line}\n`)
    },
    end() {
      if (isOnLine) stream.write('\r\x1b[K')
      isOnLine = false
    },
  }
}
