/** Scenes 5 to 7: what counts as a choice. A sign-up, a pre-ticked box, continued use, and a browser that says no. */
import {
  ask,
  byAccount,
  byDevice,
  byOperator,
  type Credential,
  newEvent,
  readNotice,
  record,
  type Stage,
} from './stage.ts'

/** A debtor with an account says yes to the newsletter and to offers from partners. */
export async function signUp(stage: Stage): Promise<Credential> {
  const { page, ledger, cast } = stage
  const { t } = page
  page.scene(
    'A debtor signs up: terms, privacy policy and newsletter are decided apart',
    'En gäldenär skapar ett konto: villkor, integritetspolicy och nyhetsbrev avgörs var för sig',
  )
  const by = await byAccount(stage, cast.astrid)
  const terms = await readNotice(stage, 'general-terms', cast.astrid, by)
  const privacy = await readNotice(stage, 'privacy-policy', cast.astrid, by)
  const verbs = {
    'policy/general-terms': 'accepted',
    'policy/privacy-policy': 'acknowledged',
    newsletter: 'given',
    'partner-offers': 'given',
  }
  const event = newEvent(stage, verbs, ['web', 'signup', 'checkbox', 'save-choices'], {
    shown: [{ noticeToken: terms.noticeToken }, { noticeToken: privacy.noticeToken }],
    presentationId: 'signup-form',
    initialState: { newsletter: 'off', 'partner-offers': 'off' },
  })
  const { link } = await record(
    stage,
    { by, event },
    {
      'policy/general-terms': 'a yes',
      'policy/privacy-policy': 'a yes',
      newsletter: 'a yes: awaiting-confirmation',
      'partner-offers': 'a yes',
    },
  )
  ledger.expect(
    'the grades',
    link.map((l) => l.grade),
    ['served', 'served'],
  )
  const newsletter = { subject: by.identity, about: 'newsletter' }
  const question = t('Does her consent to the newsletter stand?', 'Gäller hennes samtycke till nyhetsbrevet?')
  const requested = await ask(stage, question, newsletter, 'Requested')
  ledger.expect('the reason', requested.reason, 'awaiting-confirmation')
  page.say(
    t(
      'She opens the link in the letter that was sent to her; the operator’s server tells the ledger.',
      'Hon öppnar länken i brevet som hon fick, och företagets server meddelar registret.',
    ),
  )
  const server = await byOperator(stage, by.identity, 'confirmed')
  const confirmed = newEvent(stage, { newsletter: 'confirmed' }, ['api'], { ground: 'link in the letter opened' })
  await record(stage, { site: 'back-office', by: server, event: confirmed }, { newsletter: 'the operator’s word' })
  await ask(stage, t('And now?', 'Och nu?'), newsletter, 'Given')
  const accepted = t('Has she accepted the terms?', 'Har hon godkänt villkoren?')
  const { current } = await ask(stage, accepted, { ...newsletter, about: 'policy/general-terms' }, 'Accepted')
  ledger.expect('that the acceptance is current', current, true)
  return by
}

export async function choiceThatIsNone(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const { t } = page
  page.scene(
    'A pre-ticked box, and continued use: recorded as it happened, and without effect',
    'En förkryssad ruta, och fortsatt användning: antecknat som det hände, men utan verkan',
  )
  const by = byDevice(stage, cast.karin)
  const subject = by.identity
  const { noticeToken } = await readNotice(stage, 'privacy-policy', cast.karin, by)
  const ticked = newEvent(stage, { newsletter: 'given' }, ['web', 'form', 'checkbox', 'single'], {
    shown: [{ noticeToken }],
    presentationId: 'campaign-2024',
  })
  await record(stage, { by, event: ticked }, { newsletter: 'without effect: initially-on' })
  const newsletter = t('Does a consent to the newsletter stand?', 'Gäller något samtycke till nyhetsbrevet?')
  const answer = await ask(stage, newsletter, { subject, about: 'newsletter' }, 'Unknown')
  ledger.expect('the reason', answer.reason, 'initially-on')

  const used = newEvent(stage, { preferences: 'given' }, ['web', 'banner', 'continued-use'])
  await record(stage, { by, event: used }, { preferences: 'without effect: continued-use' })
  const preferences = t('Does a consent to preferences stand?', 'Gäller något samtycke till sparade inställningar?')
  const other = await ask(stage, preferences, { subject, about: 'preferences' }, 'Unknown')
  ledger.expect('the reason', other.reason, 'continued-use')
}

export async function browserSaysNo(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const { t } = page
  page.scene(
    'A browser sends Global Privacy Control: a no, until the person says otherwise by an act',
    'En webbläsare sänder Global Privacy Control: ett nej, tills personen själv väljer något annat',
  )
  const by = byDevice(stage, cast.lukas, true)
  const question = { subject: by.identity, about: 'statistics' }
  const { noticeToken } = await readNotice(stage, 'cookie-policy', cast.lukas, by)
  const details = { shown: [{ noticeToken }], signals: { gpc: true } }
  const verbs = { preferences: 'given', statistics: 'given' }
  const all = newEvent(stage, verbs, ['web', 'banner', 'button', 'accept-all'], details)
  const gpc = { 'marketing-cookies': 'a no: gpc' }
  await record(stage, { by, event: all }, { preferences: 'a yes', statistics: 'a no (refused): gpc', ...gpc })
  const pressed = t(
    'He pressed Accept all. Does a consent to statistics stand?',
    'Han tryckte på Godkänn alla. Gäller något samtycke till statistik?',
  )
  await ask(stage, pressed, question, 'Refused')

  const one = newEvent(stage, { statistics: 'given' }, ['web', 'preference-centre', 'toggle', 'single'], details)
  await record(stage, { by, event: one }, { statistics: 'a yes', ...gpc })
  const chosen = t('He then switched statistics on himself. And now?', 'Sedan slog han själv på statistik. Och nu?')
  const { conflicts } = await ask(stage, chosen, question, 'Given')
  ledger.expect('the conflict', conflicts, ['gpc'])
}
