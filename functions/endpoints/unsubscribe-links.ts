/**
 * Links to unsubscribe: a controller's server has them made, and whoever has the letter uses them (RFC 8058, https://www.rfc-editor.org/rfc/rfc8058).
 * The POST needs neither a cookie nor a second step and is answered alike whatever stood before, also for a person whom the ledger does not know
 * any more. A GET changes nothing, because mail programs and scanners open links by themselves.
 */
import { unsubscribeLinkRequest } from '../../shared/api/schemas/letters.ts'
import { LedgerError } from '../../shared/errors.ts'
import { mintUnsubscribeToken, unsubscribe } from '../../shared/ledger/letters/unsubscribe.ts'
import { namedSubject, siteOf } from '../http/access.ts'
import { type Endpoint, ok, parseBody } from '../http/call.ts'
import { formFields } from '../http/form-body.ts'
import { transport } from '../http/transport.ts'
import { letterPage } from './letter-page.ts'
import { letterOf, notValid, readerOfLetter } from './opened-letter.ts'

const [field, value] = ['List-Unsubscribe', 'One-Click'] as const

export const unsubscribeEndpoints = (baseUrl: () => string) =>
  ({
    async mintUnsubscribeLink(call) {
      const { snapshot, site } = await siteOf(call)
      const { subject, purposes } = parseBody(call, unsubscribeLinkRequest)
      const { identity } = await namedSubject(call, snapshot, subject)
      const grant = { site: site.site, subject: identity, purposes }
      const url = `${baseUrl()}/v1/unsubscribe/${await mintUnsubscribeToken(call.instance.ledger, snapshot, grant)}`
      const headers = { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': `${field}=${value}` }
      return ok({ url, purposes, headers })
    },

    async showUnsubscribe(call) {
      const letter = await letterOf(call, 'unsubscribe')
      if (letter === undefined) return notValid(call)
      const { language, say, titles } = readerOfLetter(call, letter)
      return letterPage({
        language,
        title: say('Vill du avsluta?', 'Do you want to unsubscribe?'),
        paragraphs: [
          say(
            `Från ${letter.snapshot.controller.name}: ${titles}.`,
            `From ${letter.snapshot.controller.name}: ${titles}.`,
          ),
          say('Inget ändras förrän du trycker på knappen.', 'Nothing changes until you press the button.'),
        ],
        button: { label: say('Avsluta', 'Unsubscribe'), field, value },
      })
    },

    async unsubscribe(call) {
      const letter = await letterOf(call, 'unsubscribe')
      if (letter === undefined) return notValid(call)
      if ((await formFields(call)).get(field) !== value) {
        const facts = {
          field: '',
          allowed: `${field}=${value}, as application/x-www-form-urlencoded or multipart/form-data`,
        }
        throw new LedgerError('invalid-request', 'the body does not say that this is a request to unsubscribe', facts)
      }
      await unsubscribe(call.instance.ledger, letter.snapshot, letter.grant, transport(call))
      const { language, say, titles } = readerOfLetter(call, letter)
      return letterPage({
        language,
        title: say('Du har avslutat', 'You are unsubscribed'),
        paragraphs: [
          say(
            `Från ${letter.snapshot.controller.name}: ${titles}.`,
            `From ${letter.snapshot.controller.name}: ${titles}.`,
          ),
          say('Du behöver inte göra något mer.', 'You do not need to do anything else.'),
        ],
      })
    },
  }) satisfies Record<string, Endpoint>
