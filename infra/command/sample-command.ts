/** `consent-ledger sample`: draws a random sample of a log, offline, and checks the answer of a ledger that was asked for one. */

import { decodeBase64 } from '../../shared/tlog/encoding.ts'
import { drawSample, readSeed } from '../../shared/tlog/sample.ts'
import { TlogError } from '../../shared/tlog/tlog-error.ts'
import { checkSample } from '../../shared/verify/check-sample.ts'
import { leavesOpenedBy } from '../../shared/verify/opened-leaves.ts'
import { englishSentence } from '../../shared/verify/say.ts'
import { Misuse } from '../command-line.ts'
import { harmless } from '../terminal-text.ts'
import { coloured, type ExitCode, readCommandLine, type Terminal, text, texts } from './command.ts'

import { policyFrom, readText } from './policy-of-options.ts'

export const sampleHelp = `consent-ledger sample --size N --root R --seed S --count K
consent-ledger sample FILE --key VKEY | --policy FILE --size N --root R --seed S --count K [--with FILE]...

Draws a random sample of a log, or checks the answer of POST /v1/audit/samples, offline.

  --size N        leaves in the tree of a signed checkpoint
  --root R        its root hash, in base64 as the checkpoint has it
  --seed S        16 to 64 bytes in hex, which you chose after the checkpoint was signed: openssl rand -hex 32
  --count K       how many leaves, at most 100
  --key VKEY      verifier key of the log or of a witness; may be repeated
  --policy FILE   a policy instead of keys (c2sp.org/tlog-policy)
  --with FILE     a proof or receipts about people whose events may have been drawn; may be repeated
  --help          this text

It prints the leaf indexes, in the order in which they are drawn. For a FILE it also checks that the log signed
the checkpoint and has each leaf where the file says. Give what you asked for, so that the file cannot state another
checkpoint, seed or count.
Each file --with is verified, too, and named beside the drawn leaves that it opens: \`consent-ledger verify\` prints
what it says of them.

Exit code: 0 drawn or valid, 1 invalid, 2 called wrongly.`

export async function sampleCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const line = readCommandLine(argv, {
    ...{ size: { type: 'string' }, root: { type: 'string' }, seed: { type: 'string' }, count: { type: 'string' } },
    ...{
      key: { type: 'string', multiple: true },
      policy: { type: 'string' },
      with: { type: 'string', multiple: true },
    },
  })
  if (line === undefined) {
    terminal.out(`${sampleHelp}\n`)
    return 0
  }
  const { values, positionals } = line
  const [file] = positionals
  const [size, root, seed, count] = ['size', 'root', 'seed', 'count'].map((name) => text(values, name))
  if (file === undefined) {
    if (size === undefined || root === undefined || seed === undefined || count === undefined)
      throw new Misuse('give --size, --root, --seed and --count, or the file of an answer')
    const drawn = orMisuse(() =>
      drawSample({
        ...{ size: wholeNumber('size', size), count: wholeNumber('count', count) },
        ...{ root: decodeBase64(root), seed: readSeed(seed) },
      }),
    )
    terminal.out(`${drawn.join('\n')}\n`)
    return 0
  }
  if (positionals.length > 1) throw new Misuse('give one file')
  const asked = {
    ...(size !== undefined && { size: wholeNumber('size', size) }),
    ...(root !== undefined && { root: orMisuse(() => decodeBase64(root)) }),
    ...(seed !== undefined && { seed }),
    ...(count !== undefined && { count: wholeNumber('count', count) }),
  }
  const policy = await policyFrom(texts(values, 'key'), text(values, 'policy'))
  const checked = await checkSample(await readText(file), policy, asked)
  if ('failed' in checked) {
    terminal.out(`${coloured(terminal, 'red', 'INVALID.')} ${harmless(englishSentence(checked.failed))}\n`)
    return 1
  }
  const { origin, leaves } = checked
  const others: (readonly [file: string, leaves: ReadonlySet<string>])[] = []
  for (const other of texts(values, 'with')) {
    const opened = await leavesOpenedBy(await readText(other), policy)
    if ('failed' in opened) {
      terminal.out(
        `${coloured(terminal, 'red', 'INVALID.')} ${harmless(`${other}: ${englishSentence(opened.failed)}`)}\n`,
      )
      return 1
    }
    others.push([other, opened.leaves])
  }
  const first = `${leaves.length} of the ${checked.size} leaves of ${origin}, drawn with the seed ${checked.seed}`
  terminal.out(`${coloured(terminal, 'green', 'VALID.')} ${harmless(first)}:\n`)
  for (const { index, kind, leaf } of leaves) {
    const files = others.flatMap(([other, opened]) => (opened.has(leaf) ? [other] : []))
    terminal.out(`${harmless([index, kind, ...files].join('  '))}\n`)
  }
  const open = leaves.filter(({ leaf }) => others.some(([, opened]) => opened.has(leaf)))
  if (others.length > 0) terminal.out(`${open.length} of ${leaves.length} are opened by the files.\n`)
  const unasked = Object.entries({ size, root, seed, count }).flatMap(([name, given]) =>
    given === undefined ? [name] : [],
  )
  if (unasked.length > 0)
    terminal.out(`These were taken from the file: ${unasked.join(', ')}. Compare them with what you asked for.\n`)
  return 0
}

function orMisuse<T>(compute: () => T): T {
  try {
    return compute()
  } catch (error) {
    throw error instanceof TlogError ? new Misuse(error.message) : error
  }
}

function wholeNumber(name: string, given: string): number {
  if (!/^[1-9][0-9]{0,15}$/.test(given)) throw new Misuse(`--${name} is a whole number, not ${given}`)
  return Number(given)
}
