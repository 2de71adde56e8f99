/**
 * A person's own request to be erased, and the controller's answer. Asking destroys nothing: the controller decides, within a month (GDPR,
 * article 12(3)).
 *
 *   PK `<controller>#asked`    SK `<sub>#<number>`, 16 digits: an even number asks, the odd one after it answers
 *   form: `controller-entry.ts`; the leaf names the `sub`
 *   asks     commits to field:request (its time)
 *   answers  commits to field:refusal (ground and time) or field:grant (its time), and to field:actor
 *
 * Each number can be inserted once, so a request is answered once. What the controller grants then becomes a request of the controller's own
 * (`waiting-erasures.ts`), which retention carries out when no hold stands. A crash in between leaves a grant that is not carried out; the same
 * grant completes it. While a request is open, retention destroys no key of its subject.
 * After the erasure the entries say that an unknown pseudonym asked, and nobody asks about it under a name any more.
 *
 * An entry has no text by the person or the controller, because it could not be destroyed with the person's keys.
 */
import { conforms, instant, oneOf, record, type TypeOf } from '../../consent/schema.ts'
import { type ControllerEntryKind, claimsInEntry, controllerEntry } from '../controller-entry.ts'
import { type Holder, holderName } from '../holder-entry.ts'
import { numberSk } from '../log/log-items.ts'
import type { Item, Key, Randomness } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'

/** Why a request is refused: exceptions of GDPR article 17(3), articles 11(2) and 12(5), or none of the grounds of article 17(1). */
export const refusalGrounds = [
  'freedom-of-expression',
  'legal-obligation',
  'public-health',
  'archiving',
  'legal-claims',
  'not-identified',
  'unfounded',
  'no-ground-to-erase',
] as const
export type RefusalGround = (typeof refusalGrounds)[number]

const request = record({ requestedAt: instant })
const refusal = record({ ground: oneOf(refusalGrounds), refusedAt: instant })
export interface Refusal extends TypeOf<typeof refusal> {}
const grant = record({ grantedAt: instant })
export interface Grant extends TypeOf<typeof grant> {}

export type ErasureAnswer = Refusal | Grant

export const askedPk = (controller: string): string => `${controller}#asked`
export const askedKey = (controller: string, sub: string, number: number): Key => ({
  pk: askedPk(controller),
  sk: `${sub}#${numberSk(number)}`,
})

/** The key of the request that an item answers. */
export const requestOfAnswer = ({ pk, sk }: Key): Key => ({
  pk,
  sk: `${askerOf({ pk, sk })}#${numberSk(numberIn({ pk, sk }) - 1)}`,
})

export const requestIdOf = (sub: string, number: number) => `${sub}.${number}`

export function parseRequestId(requestId: string): { readonly sub: string; readonly number: number } {
  const [sub = '', number = ''] = requestId.split('.')
  return { sub, number: Number(number) }
}

export function askItem(scope: VaultScope, sub: string, number: number, at: string, random: Randomness): Item {
  const claims = [{ name: 'field:request', value: { requestedAt: at } }]
  const key = askedKey(scope.controller, sub, number)
  return controllerEntry(scope, key, { kind: 'erasure-asked', at, claims, sub }, random)
}

export function answerItem(
  scope: VaultScope,
  sub: string,
  number: number,
  stated: ErasureAnswer,
  actor: Holder,
  random: Randomness,
): Item {
  const isGrant = 'grantedAt' in stated
  const claims = [
    { name: isGrant ? 'field:grant' : 'field:refusal', value: stated },
    { name: 'field:actor', value: holderName(actor) },
  ]
  const entry = { kind: answerKind(stated), at: isGrant ? stated.grantedAt : stated.refusedAt, claims, sub }
  return controllerEntry(scope, askedKey(scope.controller, sub, number), entry, random)
}

export const answerKind = (stated: ErasureAnswer): ControllerEntryKind =>
  'grantedAt' in stated ? 'erasure-granted' : 'erasure-refused'

export const isAnswer = (key: Key): boolean => numberIn(key) % 2 === 1
export const askerOf = ({ sk }: Key): string => sk.slice(0, sk.indexOf('#'))

/** @throws when this controller did not seal the entry, or it has a form that this release does not know */
export function openAsk(scope: VaultScope, item: Item): TypeOf<typeof request> {
  const stated = claimsInEntry(scope, item, ['field:request']).get('field:request')
  if (!conforms(request, stated)) throw new Error('a request in a form that is not known')
  return stated
}

/** @throws as `openAsk` does */
export function openAnswer(scope: VaultScope, item: Item): ErasureAnswer {
  const claims = claimsInEntry(scope, item, ['field:refusal', 'field:grant', 'field:actor'])
  const [refused, granted] = [claims.get('field:refusal'), claims.get('field:grant')]
  if (granted === undefined && conforms(refusal, refused)) return refused
  if (refused === undefined && conforms(grant, granted)) return granted
  throw new Error('an answer in a form that is not known')
}

export const numberIn = ({ sk }: Key) => Number(sk.slice(sk.indexOf('#') + 1))
