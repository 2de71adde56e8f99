/** `consent-ledger mirror serve`: runs until a signal ends it. */
import { once } from 'node:events'
import { Misuse } from '../../command-line.ts'
import { type ExitCode, readCommandLine, type Terminal, text } from '../command.ts'
import { isLoopbackHost, listenAddress } from '../listen-option.ts'
import { serveCopies } from './serve-copies.ts'

export async function serveCommand(argv: readonly string[], terminal: Terminal, help: string): Promise<ExitCode> {
  const line = readCommandLine(argv, {
    port: { type: 'string' },
    listen: { type: 'string' },
    entries: { type: 'boolean' },
  })
  if (line === undefined) {
    terminal.out(`${help}\n`)
    return 0
  }
  const { values, positionals } = line
  const [directory] = positionals
  if (directory === undefined || positionals.length > 1) throw new Misuse('mirror serve takes one folder')
  const [port, listen] = [text(values, 'port'), text(values, 'listen')]
  if (port !== undefined && listen !== undefined) throw new Misuse('give --port or --listen')
  const address = listenAddress(listen ?? `localhost:${port ?? 7381}`)
  const served = await serveCopies(directory, {
    ...address,
    entriesFor: values.entries === true ? 'anyone' : isLoopbackHost(address.host) ? 'this-machine' : 'nobody',
    onFault: (error) => terminal.err(`${error instanceof Error ? error.message : 'a fault'}\n`),
  })
  terminal.out(`serving ${directory} at ${served.url}\n`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await served.close()
  return 0
}
