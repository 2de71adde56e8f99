/** Files changed in transit: a mark, other line ends, a cut, another encoding. They are restored, or the refusal explains the change. */
import { expect, it } from 'vitest'
import { extractTlogProofs, policyOfKeys, verifyBytes, verifyFile } from '../../../shared/verify/verify.ts'
import { at, logVkey, makeProof, ownVkey, plainStory } from './maker.ts'

const policy = policyOfKeys([logVkey, ownVkey])
const proof = JSON.stringify(
  makeProof(plainStory(), { purposeId: 'newsletter', at: at(6000), knownAt: at(6000) }),
  null,
  2,
)
const [extracted] = extractTlogProofs(proof)
const files = { proof, tlogProof: extracted?.text ?? '' }

const harmless: readonly [string, (text: string) => string][] = [
  ['a byte order mark', (text) => `\uFEFF${text}`],
  ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['no final newline', (text) => text.replace(/\n$/, '')],
  ['more newlines at the end', (text) => `${text}\n\n`],
  ['all of these', (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}\r\n\r\n`],
]
const table = Object.entries(files).flatMap(([kind, text]) =>
  harmless.map(([what, change]) => ({ kind, what, given: change(text), text })),
)

it.each(table)('$kind with $what is valid, and says what was undone', async ({ given, kind, what, text }) => {
  const found = await verifyFile(given, policy)
  expect(found).toMatchObject({ verdict: 'valid' })
  const isSeen = given !== text && (kind === 'tlogProof' || what === 'a byte order mark' || what === 'all of these')
  const says = found.steps.map((step) => step.says).join('\n')
  expect(says.includes('was changed on its way')).toBe(isSeen)
})

it('a proof with a byte order mark gives the same extracts', () => {
  expect(extractTlogProofs(`\uFEFF${proof}`)).toEqual(extractTlogProofs(proof))
})

it('a leaf in a file of its own may end in a newline', async () => {
  const { leaf } = JSON.parse(proof).events[0]
  const alone = files.tlogProof.replace(/^extra .*\n/m, '')
  for (const given of [leaf, `${leaf}\n`, `\uFEFF${leaf}\r\n`])
    expect(await verifyFile(alone, policy, { leaf: given })).toMatchObject({ verdict: 'valid' })
})

/** RFC 2045, section 6.7, of ASCII: lines of at most 76 characters. */
function quotedPrintable(text: string): string {
  return text.replaceAll('=', '=3D').replace(/[^\n]{73}(?<!=|=3)(?=[^\n])/g, '$&=\n')
}

it.each<[string, Uint8Array | string, string]>([
  ['UTF-16', Buffer.from(`\uFEFF${proof}`, 'utf16le'), 'UTF-16'],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0xff, 0xff), 'gzip'],
  ['replaced characters', proof.replace('Withdrawn', 'W\uFFFDthdrawn'), 'U+FFFD'],
  ['a carriage return in a line', files.tlogProof.replace('index', 'index\r'), 'carriage returns'],
  ['quoted-printable lines', quotedPrintable(files.tlogProof), 'quoted-printable'],
  ['a quoted-printable proof', quotedPrintable(proof), 'quoted-printable'],
  [
    'CRLF and a change that is none of transit',
    `${files.tlogProof.replace(/^index \d+/m, 'index 99')}`.replaceAll('\n', '\r\n'),
    'CRLF',
  ],
])('%s is never a bare INVALID: it is said to be changed on its way, and what to do', async (_, given, what) => {
  const isText = typeof given === 'string'
  const found = await verifyBytes(isText ? Buffer.from(given) : given, policy)
  expect(found.verdict).toBe('invalid')
  for (const words of [what, 'curl -o', ...(isText ? ['changed on its way'] : [])])
    expect(found.failed?.says).toContain(words)
  expect(found.steps.at(-1)?.says).toBe(found.failed?.says)
})

it.each([
  ['index', /^index \d+/m, 'index 99'],
  ['hash', /^[A-Z]/m, '/'],
  ['signature', /^(— \S+ \S{20}).{4}/m, '$1AAAA'],
])('a tlog-proof with another %s is not excused as changed on its way', async (_what, part, other) => {
  const forged = files.tlogProof.replace(part, other)
  const found = await verifyFile(forged, policy)
  expect(forged).not.toBe(files.tlogProof)
  expect(found.verdict).toBe('invalid')
  expect(found.failed?.says).not.toContain('on its way')
})

it('nothing that was not signed becomes valid by it', async () => {
  const changed = proof.replace('Withdrawn', 'Given')
  for (const [, change] of harmless)
    expect(await verifyFile(change(changed), policy)).toMatchObject({ verdict: 'invalid' })
})
