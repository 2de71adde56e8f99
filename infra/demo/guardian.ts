/** A guardian in the story: his mandate is put on record, and he says yes again, under it. */
import { shortId } from './page.ts'
import type { By, Story } from './session.ts'
import { record } from './steps.ts'
import { people } from './world/people.ts'

const dagny: By = ['dagny', 'device']

export async function recordMandateOfGuardian(story: Story): Promise<void> {
  const { page, now } = story
  const { identity: subject } = await story.credential(dagny)
  const { actor } = people.georg.actsFor
  const mandateId = story.newId()
  const until = now(365)
  await story.open().recordMandate({
    ...{ subject, mandateId, kind: actor.role, ground: 'appointment', evidence: 'register extract 2026-117' },
    ...{ covers: { kind: 'listed', purposeIds: ['statistics'] }, from: '2026-01-01T00:00:00Z', until },
  })
  page.say()
  page.fact(
    'mandate',
    `${shortId(mandateId)}  ${page.t(['guardian, for statistics, until', 'god man, för statistik, till'])} ${until.slice(0, 10)}`,
  )
  story.expectStatus(201)
  story.printCall()
  await record(story, {
    record: dagny,
    site: 'android-app',
    verbs: { statistics: 'given' },
    how: 'android preference-centre toggle single',
    reads: ['cookie-policy'],
    fields: { actor: { ...actor, mandateId } },
    effects: { statistics: 'yes: subject-to-mandate' },
  })
}
