/** Double opt-in in the story: the ledger hands a letter over, and the person confirms with the link in it. */
import type { By, Story } from './session.ts'
import { expectEffects, newEvent, printEffects, printEvent, readNotice } from './steps.ts'

const astrid: By = ['astrid', 'account']

export async function askForNewsletter(story: Story): Promise<void> {
  const { page } = story
  const by = await story.credential(astrid)
  const ledger = story.open()
  const notices = [await readNotice(ledger, 'privacy-policy', by)]
  const event = newEvent(
    story,
    by,
    {
      record: astrid,
      verbs: { newsletter: 'given' },
      how: 'web form checkbox single',
      fields: { presentationId: 'newsletter-form', initialState: { newsletter: 'off' }, locale: by.locale },
    },
    notices,
  )
  printEvent(story, by, event, notices)
  if (by.person === undefined || !('token' in by.person)) throw new Error('she is not signed in')
  const answer = await ledger.requestConfirmation({ ...event, subject: by.person })
  story.expectStatus(201)
  story.printCall()
  printEffects(page, answer)
  expectEffects(story, answer, { newsletter: 'yes: awaiting-confirmation' })
  story.expect('what the letter asks', answer.confirmation?.purposes, ['newsletter'])
  const { to, subject, url } = await story.letterTo('astrid')
  story.expect('that the answer holds the link', JSON.stringify(answer).includes(url), false)
  page.fact('letter', `${to}  ${subject}`)
}

export async function confirmByLetter(story: Story): Promise<void> {
  const { url } = await story.letterTo('astrid')
  story.page.say()
  for (const init of [{ method: 'GET' }, { method: 'POST', body: new URLSearchParams({ confirm: 'yes' }) }]) {
    await story.follow(url, init)
    story.expectStatus(200)
    story.printCall()
  }
}
