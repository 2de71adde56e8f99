/**
 * The site's letters. Those that ask to confirm are the ledger's: the site takes them from the outbox and sends them, as a controller's mail program
 * does. The newsletter is the site's own. Before each letter it asks the ledger whether the address may have it, and it gets the link to
 * unsubscribe from there.
 */
import { randomUUID } from 'node:crypto'
import { lettersIn, removeLetter } from '../../local/data/mailbox-folder.ts'
import { wordsIn } from './language.ts'
import { nowOf, type Site } from './site.ts'

/** Sends the letters in the outbox. A crash between saving and deleting leaves a letter there, whose id has been sent. */
export async function sendHandedOver(site: Pick<Site, 'outbox' | 'records' | 'clock'>): Promise<void> {
  const { outbox, records } = site
  for (const letter of await lettersIn(outbox)) {
    const { id, to, language, subject, text, url } = letter
    if (!records.letters.some((sent) => sent.id === id)) {
      const paragraphs = text.trim().split('\n\n')
      records.letters.push({
        ...{ id, to, language, subject, sentAt: nowOf(site) },
        paragraphs: paragraphs.filter((paragraph) => paragraph !== url),
        link: { label: wordsIn(language).say('Öppna länken', 'Open the link'), url },
      })
    }
    await records.save()
    await removeLetter(outbox, letter)
  }
}

/** Sends this month's newsletter to each address at which it was asked for, if the ledger has a consent that stands. */
export async function sendNewsletter(site: Site): Promise<void> {
  const { ledger, records } = site
  for (const [email, language] of Object.entries(records.subscribers)) {
    const subject = { type: 'email', id: email }
    const { consents } = await ledger.askConsents({ subject, purposeId: 'newsletter' })
    if (consents[0]?.permittedByConsent !== true) continue
    const { url, headers } = await ledger.mintUnsubscribeLink({
      subject: { identifier: subject },
      purposes: ['newsletter'],
    })
    const { say } = wordsIn(language)
    records.letters.push({
      ...{ id: randomUUID(), to: email, sentAt: nowOf(site), language, headers },
      subject: say('Ljungstens nyhetsbrev: räntan i höst', 'Ljungsten’s newsletter: interest rates this autumn'),
      paragraphs: [
        say(
          'Så här räknar du dröjsmålsränta när referensräntan har ändrats.',
          'This is how to calculate penalty interest when the reference rate has changed.',
        ),
        say('Vill du inte ha fler brev använder du länken nedan.', 'If you want no more of these, use the link below.'),
      ],
      link: { label: say('Avsluta nyhetsbrevet', 'Unsubscribe'), url },
    })
    await records.save()
  }
}
