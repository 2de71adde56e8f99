/**
 * What administration posts about controllers: their identity providers and keys. The shapes are those of the records; this adds what a request
 * must keep to beyond them: lengths, counts, formats, and rules between members.
 */
import * as z from 'zod'
import * as controllers from '../../consent/controller.ts'
import { isDuration } from '../../consent/duration.ts'
import { identityProvider as recordedProvider } from '../../consent/identity-provider.ts'
import { type ReplaceableKey, replaceableKeys } from '../../consent/key-change.ts'
import { zodRecord } from '../../consent/zod-schema.ts'
import { algorithms, canVerify } from '../verifying-keys.ts'
import { duration, inRequest } from './in-request.ts'
import { shortText } from './texts.ts'

const httpsOrLocal = z
  .url({ error: 'an https URL' })
  .max(500)
  .refine(isHttpsOrLocal, 'an https URL without user name or password (http for localhost only)')

/** Judges the parsed URL, not the text: `http://localhost:1@example.org/` begins with `localhost`, which is only its user name. */
function isHttpsOrLocal(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1'
  return username === '' && password === '' && (protocol === 'https:' || (protocol === 'http:' && isLocal))
}

export const identityProvider = zodRecord(recordedProvider, inRequest, {
  jwksUri: httpsOrLocal.optional(),
  jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(20) }).optional(),
})
  .refine((idp) => (idp.jwksUri === undefined) !== (idp.jwks === undefined), 'exactly one of jwksUri and jwks')
  .refine(
    (idp) => !(idp.jwks?.keys ?? []).some((key) => 'd' in key || 'k' in key),
    'public keys only: a private or symmetric key must not be sent',
  )
  .refine((idp) => idp.jwks === undefined || idp.jwks.keys.some(canVerify), {
    path: ['jwks', 'keys'],
    error: `no key here could verify a token: a public key for signatures (RSA of 2048 bits or more, EC or Ed25519) of one of ${algorithms.join(', ')}`,
  })
  .meta({ id: 'IdentityProvider' })

const termOfController = duration
  .refine(isDuration, { error: 'not an ISO 8601 duration', params: { allowed: 'e.g. P5Y' } })
  .optional()

export const controllerDraft = zodRecord(controllers.controllerDraft, inRequest, {
  licences: z.array(shortText).max(20),
  glossary: z.array(zodRecord(controllers.glossaryEntry, inRequest)).max(200),
  ipAddress: z.enum(controllers.ipAddressModes).default('truncate'),
  identityProvider,
  entryBundles: z
    .enum(controllers.entryBundleReaders)
    .default('auditors')
    .describe('Who may read the entry bundles of the log, which contain pseudonyms.'),
  evidenceRetention: termOfController.describe(
    'Evidence term of versions that state none: they are published with it.',
  ),
  contextRetention: termOfController.describe('Context term of versions that state none: they are published with it.'),
}).meta({ id: 'ControllerDraft' })

const changeNumber = z
  .int()
  .min(1)
  .max(1_000_000)
  .describe('1, then one more each time. A refusal states the next. Repeating a request changes nothing.')

/** A change of a controller's identity provider. The controller is in the path. */
export const identityProviderDraft = z
  .strictObject({
    change: changeNumber,
    identityProvider: identityProvider
      .nullable()
      .describe(
        'Whose tokens speak for the controller from now on; null removes the provider, and no token is accepted.',
      ),
  })
  .meta({ id: 'IdentityProviderDraft' })

/** A change of a controller's keys. The controller is in the path. */
export const keyChangeDraft = z
  .strictObject({
    change: changeNumber,
    keys: z
      .array(z.enum(replaceableKeys))
      .min(1)
      .max(replaceableKeys.length)
      .transform((named): ReplaceableKey[] => replaceableKeys.filter((key) => named.includes(key)))
      .describe(
        'What is replaced. `notice` authenticates notice tokens and `pepper` names people’s keys: this makes new ones. `checkpoint` and `receipt` sign for the log and for receipts: a deployment replaces them, and this tells the log.',
      ),
    stolen: z
      .boolean()
      .describe(
        'Whether somebody else may have the replaced keys. No token that the notice key made then counts any more.',
      ),
    ground: shortText.describe('Why. Kept for ever, so it must name nobody.'),
    vkey: z
      .string()
      .max(500)
      .optional()
      .describe('Verifier key of the new checkpoint key, as the log’s policy has it. Only with `checkpoint`.'),
  })
  .refine(({ keys, vkey }) => keys.includes('checkpoint') === (vkey !== undefined), {
    path: ['vkey'],
    error: 'the verifier key of the new checkpoint key, and none when that is not replaced',
  })
  .meta({ id: 'KeyChangeDraft' })
