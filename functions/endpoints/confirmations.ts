/**
 * Double opt-in: a server, or a page of a signed-in person, asks for a letter with a link, and whoever has the letter confirms by it. The token
 * leaves through the outbox only. A GET of the link changes nothing, because mail programs and scanners open links by themselves.
 */

import { confirmationRequest } from '../../shared/api/schemas/confirmation-request.ts'
import { clientEvent } from '../../shared/api/schemas/events.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { confirmByLetter } from '../../shared/ledger/letters/confirm-by-letter.ts'
import type { LetterOutbox } from '../../shared/ledger/letters/letter-outbox.ts'
import { requestConfirmation } from '../../shared/ledger/letters/request-confirmation.ts'
import { normaliseIdentity } from '../../shared/ledger/vault/identity-names.ts'
import { namedSubject, siteOf } from '../http/access.ts'
import { type Call, type Endpoint, header, parseBody } from '../http/call.ts'
import { formFields } from '../http/form-body.ts'
import { admitController } from '../http/rate-limits.ts'
import { findingsIn } from '../http/tcf-gpp-signals.ts'
import { transport } from '../http/transport.ts'
import { confirmationLetter } from './confirmation-letter.ts'
import { letterPage } from './letter-page.ts'
import { languageOfReader, letterOf, notValid, readerOfLetter } from './opened-letter.ts'

const [field, value] = ['confirm', 'yes'] as const

/** @param outbox absent where the ledger was deployed without one; then nobody can be asked to confirm */
export const confirmationEndpoints = (baseUrl: () => string, outbox: LetterOutbox | undefined) =>
  ({
    async requestConfirmation(call) {
      const { snapshot, site } = await siteOf(call)
      const parsed = parseBody(call, confirmationRequest)
      const { identity, assurance } = await namedSubject(call, snapshot, parsed.subject)
      const to = await addressIn(parsed.subject, snapshot)
      if (outbox === undefined) throw new LedgerError('not-found', 'this ledger has no outbox for letters')
      admitController(call, snapshot)
      const received = {
        event: clientEvent(parsed),
        ...{ identity, assurance, announcedNew: parsed.subject.new ?? false, site: site.site },
        findings: await findingsIn(parsed.signals),
        ...transport(call),
      }
      const { outcome, acknowledgement, letter } = await requestConfirmation(call.instance.ledger, snapshot, received)
      const language = languageOfReader(parsed.locale ?? header(call, 'accept-language'))
      if (letter) await outbox.put(confirmationLetter(baseUrl(), snapshot, letter, { to, language }))
      const confirmation = letter && {
        purposes: letter.purposes,
        expiresAt: letter.expiresAt,
        ...(letter.againAfter !== undefined && { againAfter: letter.againAfter }),
      }
      const body = { ...acknowledgement, ...(confirmation && { confirmation }) }
      return { statusCode: outcome === 'recorded' ? 201 : 200, body }
    },

    async showConfirmation(call) {
      const letter = await letterOf(call, 'confirmation')
      if (letter === undefined) return notValid(call)
      if (timestamp(call.instance.ledger.clock) >= letter.grant.expiresAt) return ended(call)
      const { language, say, titles } = readerOfLetter(call, letter)
      const { name } = letter.snapshot.controller
      return letterPage({
        language,
        title: say('Vill du bekräfta?', 'Do you want to confirm?'),
        paragraphs: [
          say(`Till ${name}: ja till ${titles}.`, `To ${name}: yes to ${titles}.`),
          say(
            'Inget ändras förrän du trycker på knappen. Har du inte bett om detta behöver du inte göra något.',
            'Nothing changes until you press the button. If you did not ask for this, you do not need to do anything.',
          ),
        ],
        button: { label: say('Ja, bekräfta', 'Yes, confirm'), field, value },
      })
    },

    async confirm(call) {
      const letter = await letterOf(call, 'confirmation')
      if (letter === undefined) return notValid(call)
      if ((await formFields(call)).get(field) !== value) {
        const facts = { field: '', allowed: `${field}=${value}, as the page of the link posts it` }
        throw new LedgerError('invalid-request', 'the body does not say that the person confirms', facts)
      }
      const outcome = await confirmByLetter(call.instance.ledger, letter.snapshot, letter.grant, transport(call))
      if (outcome === 'ended') return ended(call)
      const { language, say, titles } = readerOfLetter(call, letter)
      const { name } = letter.snapshot.controller
      const isFirst = outcome === 'confirmed'
      return letterPage({
        language,
        title: isFirst ? say('Bekräftat', 'Confirmed') : say('Redan bekräftat', 'This was confirmed before'),
        paragraphs: isFirst
          ? [
              say(`Till ${name}: ja till ${titles}.`, `To ${name}: yes to ${titles}.`),
              say('Du kan ändra dig när du vill.', 'You can change your mind at any time.'),
            ]
          : [say('Inget ändrades nu.', 'Nothing was changed now.')],
      })
    },
  }) satisfies Record<string, Endpoint>

/** One page for a link that is too old, whose yes was taken back, or whose person was erased. */
function ended(call: Call) {
  const { language, say } = languageOfReader(header(call, 'accept-language'))
  return letterPage(
    {
      language,
      title: say('Länken gäller inte längre', 'The link no longer works'),
      paragraphs: [
        say(
          'Den är för gammal, eller så har du sagt nej sedan den skickades. Inget har ändrats.',
          'It is too old, or you have said no since it was sent. Nothing was changed.',
        ),
      ],
    },
    410,
  )
}

/** One mailbox, and nothing that a letter's head could take for more. */
const address = /^[^\s@<>,;:"()\\]{1,64}@[^\s@<>,;:"()\\]{1,255}$/

/** Where the letter goes: the identifier itself, or the claim `email` of the token, which was verified before. It is not stored. */
async function addressIn(
  subject: ReturnType<typeof confirmationRequest.parse>['subject'],
  { controller: { country } }: ControllerSnapshot,
): Promise<string> {
  const isIdentifier = 'identifier' in subject
  const to = isIdentifier
    ? mailboxOf(subject.identifier.id, (await normaliseIdentity(subject.identifier, country)).id)
    : (await import('../http/token-email.ts')).emailIn(subject.token)
  if (typeof to === 'string' && address.test(to)) return to
  throw new LedgerError('invalid-request', 'there is no e-mail address to which a letter could go', {
    field: isIdentifier ? '/subject/identifier/id' : '/subject/token',
    allowed: isIdentifier ? 'name@example.org' : 'a token with the claim "email"',
  })
}

/**
 * The mailbox of an identifier: its domain in ASCII, and what is before it as it was written. `undefined` where that differs in more than case:
 * full-width or invisible characters make no difference between people, and a mail server may give them to somebody else.
 */
function mailboxOf(written: string, normalised: string): string | undefined {
  const localOf = (address: string) => address.slice(0, Math.max(address.lastIndexOf('@'), 0))
  const local = localOf(written.trim().normalize('NFC'))
  return local.toLowerCase() === localOf(normalised) ? local + normalised.slice(localOf(normalised).length) : undefined
}
