/** Scenes 5 to 7: what counts as a choice. A sign-up, a pre-ticked box, continued use, and a browser that says no. */

import {
  ask,
  byAccount,
  byDevice,
  byOperator,
  type Credential,
  newEvent,
  type Recording,
  readNotice,
  record,
  type Stage,
} from './stage.ts'
import { browserWords, noChoiceWords, signUpWords } from './words-choice.ts'

/** A debtor with an account: she says yes to the newsletter and to offers from partners. */
export async function signUp(stage: Stage): Promise<Credential> {
  const { page, ledger, cast } = stage
  const words = signUpWords[page.language]
  page.scene(words.scene)
  const by = await byAccount(stage, cast.astrid)
  const terms = await readNotice(stage, 'general-terms', cast.astrid, by)
  const privacy = await readNotice(stage, 'privacy-policy', cast.astrid, by)
  const recording: Recording = {
    site: 'web',
    by,
    event: newEvent(stage, {
      decisions: [
        { policyId: 'general-terms', verb: 'accepted' },
        { policyId: 'privacy-policy', verb: 'acknowledged' },
        { purposeId: 'newsletter', verb: 'given' },
        { purposeId: 'partner-offers', verb: 'given' },
      ],
      shown: [{ noticeToken: terms.served.noticeToken }, { noticeToken: privacy.served.noticeToken }],
      presentationId: 'signup-form',
      initialState: { newsletter: 'off', 'partner-offers': 'off' },
      channel: 'web',
      surface: 'signup',
      act: 'checkbox',
      control: 'save-choices',
    }),
  }
  const handed = await record(stage, recording, {
    'policy/general-terms': 'a yes',
    'policy/privacy-policy': 'a yes',
    newsletter: 'a yes: awaiting-confirmation',
    'partner-offers': 'a yes',
  })
  ledger.expect(
    'the grades',
    handed.link.map((l) => l.grade),
    ['served', 'served'],
  )

  const subject = by.identity
  const newsletter = { words: words.newsletter, subject, topic: { purposeId: 'newsletter' } }
  const requested = await ask(stage, newsletter, 'Requested')
  ledger.expect('the reason', requested.reason, 'awaiting-confirmation')
  page.say(words.letter)
  await confirm(stage, by)
  await ask(stage, { ...newsletter, words: words.now }, 'Given')
  const accepted = { words: words.terms, subject, topic: { policyId: 'general-terms' } }
  ledger.expect('that the acceptance is current', (await ask(stage, accepted, 'Accepted')).current, true)
  return by
}

async function confirm(stage: Stage, { identity }: Credential): Promise<void> {
  await record(
    stage,
    {
      site: 'back-office',
      by: await byOperator(stage, identity, 'confirmed'),
      event: newEvent(stage, {
        decisions: [{ purposeId: 'newsletter', verb: 'confirmed', ground: 'link in the letter opened' }],
        channel: 'api',
      }),
    },
    { newsletter: 'the operator’s word' },
  )
}

export async function choiceThatIsNone(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const words = noChoiceWords[page.language]
  page.scene(words.scene)
  const by = byDevice(cast.karin)
  const subject = by.identity
  const { served } = await readNotice(stage, 'privacy-policy', cast.karin, by)
  await record(
    stage,
    {
      site: 'web',
      by,
      event: newEvent(stage, {
        decisions: [{ purposeId: 'newsletter', verb: 'given' }],
        shown: [{ noticeToken: served.noticeToken }],
        presentationId: 'campaign-2024',
        channel: 'web',
        surface: 'form',
        act: 'checkbox',
        control: 'single',
      }),
    },
    { newsletter: 'without effect: initially-on' },
  )
  const newsletter = { words: words.newsletter, subject, topic: { purposeId: 'newsletter' } }
  ledger.expect('the reason', (await ask(stage, newsletter, 'Unknown')).reason, 'initially-on')

  await record(
    stage,
    {
      site: 'web',
      by,
      event: newEvent(stage, {
        decisions: [{ purposeId: 'preferences', verb: 'given' }],
        channel: 'web',
        surface: 'banner',
        act: 'continued-use',
      }),
    },
    { preferences: 'without effect: continued-use' },
  )
  const preferences = { words: words.preferences, subject, topic: { purposeId: 'preferences' } }
  ledger.expect('the reason', (await ask(stage, preferences, 'Unknown')).reason, 'continued-use')
}

export async function browserSaysNo(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const words = browserWords[page.language]
  page.scene(words.scene)
  const by = byDevice(cast.lukas, true)
  const about = { subject: by.identity, topic: { purposeId: 'statistics' } }
  const first = await readNotice(stage, 'cookie-policy', cast.lukas, by)
  const shown = [{ noticeToken: first.served.noticeToken }]
  const signals = { gpc: true }
  await record(
    stage,
    {
      site: 'web',
      by,
      event: newEvent(stage, {
        decisions: [
          { purposeId: 'preferences', verb: 'given' },
          { purposeId: 'statistics', verb: 'given' },
        ],
        shown,
        channel: 'web',
        signals,
        surface: 'banner',
        act: 'button',
        control: 'accept-all',
      }),
    },
    { preferences: 'a yes', statistics: 'a no (refused): gpc', 'marketing-cookies': 'a no: gpc' },
  )
  await ask(stage, { ...about, words: words.acceptAll }, 'Refused')

  await record(
    stage,
    {
      site: 'web',
      by,
      event: newEvent(stage, {
        decisions: [{ purposeId: 'statistics', verb: 'given' }],
        shown,
        channel: 'web',
        signals,
        surface: 'preference-centre',
        act: 'toggle',
        control: 'single',
      }),
    },
    { statistics: 'a yes', 'marketing-cookies': 'a no: gpc' },
  )
  const chosen = await ask(stage, { ...about, words: words.chosen }, 'Given')
  ledger.expect('the conflict', chosen.conflicts, ['gpc'])
}
