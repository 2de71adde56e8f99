/** `consent-ledger witness`: a witness of transparency logs, for a party that is not the ledger's operator. It runs until a signal ends it. */
import { once } from 'node:events'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import { checkKeyName, formatVerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { Misuse } from '../../command-line.ts'
import { type ExitCode, readCommandLine, type Terminal, text, texts } from '../command.ts'
import { listenAddress } from '../listen-option.ts'
import { policyFrom } from '../policy-of-options.ts'
import { startWitness } from './witness-server.ts'

export const witnessHelp = `consent-ledger witness DIR --name NAME --log VKEY | --policy FILE [options]

Runs a witness (c2sp.org/tlog-witness): it cosigns each checkpoint of a log that extends the last one it cosigned, and no
other, so that a log cannot show two histories. It should belong to somebody other than the ledger's operator.

DIR holds its key and what it cosigned. It must survive; a copy put back later lets a log go back unseen.

  --name NAME         name of the witness's key, like witness.example/north; keep it for good
  --log VKEY          verifier key of a log that it cosigns; may be repeated
  --policy FILE       a policy instead, for its logs (c2sp.org/tlog-policy)
  --listen HOST:PORT  where it listens (default localhost:7380); put a proxy with TLS in front
  --help              this text

It prints the line for auditors' policies. Exit code: 0 after SIGINT or SIGTERM, 1 when it cannot run, 2 called wrongly.`

export async function witnessCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const line = readCommandLine(argv, {
    name: { type: 'string' },
    log: { type: 'string', multiple: true },
    policy: { type: 'string' },
    listen: { type: 'string' },
  })
  if (line === undefined) {
    terminal.out(`${witnessHelp}\n`)
    return 0
  }
  const { values, positionals } = line
  const [folder] = positionals
  if (folder === undefined || positionals.length > 1) throw new Misuse('give one folder')
  const policy = await policyFrom(texts(values, 'log'), text(values, 'policy'))
  if (policy.logs.length === 0) throw new Misuse('give the keys of logs: --log VKEY, not those of witnesses')
  const witness = await startWitness({
    ...{ folder, name: nameFrom(text(values, 'name')), ...listenAddress(text(values, 'listen') ?? 'localhost:7380') },
    logs: policy.logs.map(({ key }) => key),
    onFault: (error) => terminal.err(`${error instanceof Error ? error.message : 'a fault'}\n`),
  })
  terminal.out(`witness ${witness.key.name} ${formatVerifierKey(witness.key)} ${witness.url}\n`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await witness.close()
  return 0
}

function nameFrom(name: string | undefined): string {
  if (name === undefined) throw new Misuse('name the witness: --name witness.example/north')
  try {
    checkKeyName(name)
    return name
  } catch (error) {
    throw error instanceof TlogError ? new Misuse(`--name: ${error.message}`) : error
  }
}
