/**
 * Trust policies (https://c2sp.org/tlog-policy), a verifier's configuration: the logs it trusts, the witnesses it knows, and the quorum of
 * witnesses that must have cosigned a checkpoint. Lines of tokens separated by spaces and tabs; `#` begins a comment line. A name is defined
 * before it is used, and is a member of at most one group, so that no witness counts twice.
 */
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { equalBytes, parseDecimal } from './encoding.ts'
import { cosignatureTime, parseNote, verifyNote } from './note.ts'
import { excerpt, TlogError } from './tlog-error.ts'
import { parseVerifierKey, signatureTypes, type VerifierKey } from './verifier-key.ts'

/** A key of a policy, and the address that the policy gives for it. */
export interface PolicyKey {
  readonly key: VerifierKey
  readonly url?: string
}

/** A group of witnesses or of other groups. */
export interface PolicyGroup {
  /** Number of members that must have cosigned. */
  readonly threshold: number
  readonly members: readonly string[]
}

/** A parsed trust policy. */
export interface LogPolicy {
  /** Keys of trusted logs. */
  readonly logs: readonly PolicyKey[]
  /** Keys of known witnesses by their names in the policy. */
  readonly witnesses: ReadonlyMap<string, PolicyKey>
  /** Groups by name. */
  readonly groups: ReadonlyMap<string, PolicyGroup>
  /** The witness or group that must have cosigned, or `none`. */
  readonly quorum: string
}

/** A witness that cosigned, by its name in the policy. */
export interface WitnessCosignature {
  readonly name: string
  readonly timeSeconds: number
}

const none = 'none'
const maxPolicyText = 1_000_000
/** Maximum number of logs, of witnesses, and of groups. */
const maxDefinitions = 256
const logTypes: readonly number[] = [signatureTypes.ed25519, signatureTypes.mlDsa44]
const witnessTypes: readonly number[] = [signatureTypes.cosignature, signatureTypes.mlDsa44]

/**
 * Parses a trust policy. The last line must end in a newline, because a line that was cut short may name another witness.
 *
 * @returns the policy
 * @throws TlogError `malformed-policy` or `malformed-key`
 */
export function parsePolicy(text: string): LogPolicy {
  if (text.length > maxPolicyText) throw malformed(`${text.length} characters; allowed are ${maxPolicyText}`)
  if (!text.isWellFormed() || /[^\t\n\x20-\x7e\x80-\uffff]/.test(text))
    throw malformed('a control character other than tab and newline')
  if (!text.endsWith('\n')) throw malformed('the last line has no newline')
  const policy = {
    logs: [] as PolicyKey[],
    witnesses: new Map<string, PolicyKey>(),
    groups: new Map<string, PolicyGroup>(),
    members: new Set<string>(),
    quorum: [] as string[],
  }
  for (const line of text.slice(0, -1).split('\n')) readLine(line, policy)
  const [quorum, ...more] = policy.quorum
  if (quorum === undefined || more.length > 0)
    throw malformed(`${policy.quorum.length} quorum lines; exactly one is required`)
  return { logs: policy.logs, witnesses: policy.witnesses, groups: policy.groups, quorum }
}

interface PolicyBeingRead {
  readonly logs: PolicyKey[]
  readonly witnesses: Map<string, PolicyKey>
  readonly groups: Map<string, PolicyGroup>
  /** Names that are already in a group. */
  readonly members: Set<string>
  readonly quorum: string[]
}

function readLine(line: string, policy: PolicyBeingRead): void {
  const [keyword, ...rest] = line.split(/[ \t]+/).filter((token) => token !== '')
  if (keyword === undefined || keyword.startsWith('#')) return
  if (keyword === 'log' && (rest.length === 1 || rest.length === 2)) {
    addKey(policy.logs, policyKey(rest[0], rest[1], logTypes), (log) => policy.logs.push(log))
  } else if (keyword === 'witness' && (rest.length === 2 || rest.length === 3)) {
    const name = newName(policy, rest[0])
    const witness = policyKey(rest[1], rest[2], witnessTypes)
    addKey([...policy.witnesses.values()], witness, () => policy.witnesses.set(name, witness))
  } else if (keyword === 'group' && rest.length >= 3) {
    addGroup(policy, rest)
  } else if (keyword === 'quorum' && rest.length === 1) {
    policy.quorum.push(rest[0] === none ? none : knownName(policy, rest[0]))
  } else {
    throw malformed(`the line ${excerpt(line)}`)
  }
}

function policyKey(vkey = '', url: string | undefined, types: readonly number[]): PolicyKey {
  const key = parseVerifierKey(vkey)
  checkType(key, types)
  return url === undefined ? { key } : { key, url }
}

function checkType(key: VerifierKey, types: readonly number[]): void {
  if (!types.includes(key.type))
    throw malformed(
      `a key of signature type ${key.type} for ${excerpt(key.name)}; allowed here are ${types.join(', ')}`,
    )
}

/** Refuses the same public key under two names, because one party would count twice. */
function addKey(known: readonly PolicyKey[], added: PolicyKey, add: (added: PolicyKey) => void): void {
  if (known.some(({ key }) => equalBytes(key.publicKey, added.key.publicKey)))
    throw malformed(`the public key of ${excerpt(added.key.name)} twice`)
  checkCount(known.length)
  add(added)
}

function addGroup(policy: PolicyBeingRead, [given, rule = '', ...members]: readonly string[]): void {
  const name = newName(policy, given)
  for (const member of members) {
    knownName(policy, member)
    if (policy.members.has(member)) throw malformed(`${excerpt(member)} in a group twice`)
    policy.members.add(member)
  }
  const threshold = rule === 'all' ? members.length : rule === 'any' ? 1 : parseDecimal(rule)
  if (threshold < 1 || threshold > members.length)
    throw malformed(`${threshold} of the ${members.length} members of ${excerpt(name)}`)
  checkCount(policy.groups.size)
  policy.groups.set(name, { threshold, members })
}

function checkCount(count: number): void {
  if (count >= maxDefinitions) throw malformed(`more than ${maxDefinitions} logs, witnesses or groups`)
}

function newName(policy: PolicyBeingRead, name = ''): string {
  if (name === none || policy.witnesses.has(name) || policy.groups.has(name))
    throw malformed(`${excerpt(name)} defined twice`)
  return name
}

function knownName(policy: PolicyBeingRead, name = ''): string {
  if (!policy.witnesses.has(name) && !policy.groups.has(name)) throw malformed(`${excerpt(name)} before its definition`)
  return name
}

/**
 * Parses and verifies a checkpoint: a log of the policy under the checkpoint's origin must have signed it, and the cosignatures must meet
 * the quorum.
 *
 * @param noteText the signed note
 * @param policy the trusted logs and known witnesses
 * @param origin the log that it must be of; absent: any log of the policy
 * @returns the checkpoint, and the witnesses that cosigned it with the times that they state
 * @throws TlogError for a note that is malformed, not signed, badly signed, or short of the quorum
 */
export async function verifyCheckpoint(
  noteText: string,
  policy: LogPolicy,
  origin?: string,
): Promise<{ readonly checkpoint: Checkpoint; readonly witnessed: readonly WitnessCosignature[] }> {
  const note = parseNote(noteText)
  const checkpoint = parseCheckpoint(note.text)
  if (origin !== undefined && checkpoint.origin !== origin)
    throw new TlogError('not-signed', `a checkpoint of ${excerpt(checkpoint.origin)}, not of ${excerpt(origin)}`)
  const logKeys = policy.logs.map(({ key }) => key).filter(({ name }) => name === checkpoint.origin)
  const witnesses = [...policy.witnesses]
  const signers = await verifyNote(note, [...logKeys, ...witnesses.map(([, { key }]) => key)])
  if (!logKeys.some((key) => signers.includes(key)))
    throw new TlogError(
      'not-signed',
      `no key that you gave of the log ${excerpt(checkpoint.origin)} signed the checkpoint; if the operator has announced a new one, get the policy anew`,
    )
  const witnessed = witnesses
    .filter(([, { key }]) => signers.includes(key))
    .map(([name, { key }]) => ({ name, timeSeconds: cosignatureTime(note, key) ?? 0 }))
  const names = new Set(witnessed.map(({ name }) => name))
  if (policy.quorum !== none && !hasWitnessed(policy, policy.quorum, names))
    throw new TlogError('quorum-not-met', `cosigned by ${witnessed.length} known witnesses, short of ${policy.quorum}`)
  return { checkpoint, witnessed }
}

function hasWitnessed(policy: LogPolicy, name: string, cosigned: ReadonlySet<string>): boolean {
  const group = policy.groups.get(name)
  if (!group) return cosigned.has(name)
  return group.members.filter((member) => hasWitnessed(policy, member, cosigned)).length >= group.threshold
}

function malformed(why: string): TlogError {
  return new TlogError('malformed-policy', `not a policy: ${why}`)
}
