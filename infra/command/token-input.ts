/** A token from a file or from standard input, because arguments and the environment of a process can be read by others on the machine. */
import { Misuse } from '../command-line.ts'
import type { Terminal } from './command.ts'
import { readText } from './policy-of-options.ts'

const maxTokenBytes = 16_384

export async function readToken(file: string | undefined, terminal: Terminal): Promise<string> {
  return checkedToken(file === undefined ? await input(terminal, maxTokenBytes) : await readText(file))
}

export async function input(terminal: Terminal, maxBytes: number): Promise<string> {
  const bytes = await terminal.stdin(maxBytes + 1)
  if (bytes.length > maxBytes) throw new Misuse(`standard input has more than ${maxBytes} bytes`)
  return Buffer.from(bytes)
    .toString()
    .replace(/\r?\n$/, '')
}

/** The characters of a bearer token (RFC 6750, section 2.1), so that it is one value of a header. */
function checkedToken(given: string): string {
  const token = given.trim()
  if (token === '' || token.length > maxTokenBytes || !/^[\w.~+/-]+=*$/.test(token))
    throw new Misuse('that is not a token: give the file or the input that holds one, and nothing else')
  return token
}
