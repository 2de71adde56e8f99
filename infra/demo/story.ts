/** The demo story: its scenes in order, and what one scene hands to the next. */
import type { Clock, Randomness } from '../../shared/ledger/store.ts'
import type { DemoClient } from './client.ts'
import type { Page } from './page.ts'
import { shortTime } from './printing.ts'
import { askTheOther, makeMistakes, prove } from './scenes-audit.ts'
import { importOldConsent, lookAhead, object, withdraw } from './scenes-change.ts'
import { browserSaysNo, choiceThatIsNone, signUp } from './scenes-choice.ts'
import { chooseOnCookies, deliverLate, seeWhatStands, sendAgain } from './scenes-visit.ts'
import { castFor, now, type Stage } from './stage.ts'

export interface Play {
  readonly page: Page
  readonly ledger: DemoClient
  readonly clock: Clock
  readonly random: Randomness
  readonly newId: () => string
}

/** Plays all scenes. Throws a sentence at the first answer that the story does not expect. */
export async function playStory({ page, ledger, clock, random, newId }: Play): Promise<void> {
  const run = Buffer.from(random(3)).toString('hex')
  const stage: Stage = { page, ledger, clock, newId, cast: castFor(run, random) }
  const { t } = page
  await ledger.reach()
  const title = t(
    `The consent ledger on ${ledger.url}, in fourteen scenes`,
    `Samtyckesregistret på ${ledger.url}, i fjorton scener`,
  )
  const at = shortTime(now(stage))
  const note = t(
    `Run ${run}, ${at} UTC. Ids and secrets are shortened; everybody is invented.`,
    `Omgång ${run}, ${at} UTC. Id:n och hemligheter är förkortade, och alla personer är påhittade.`,
  )
  page.say(page.paint('bold', title), note)

  try {
    await playScenes(stage)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`Scene ${page.scenes()}: ${reason}`, { cause: error })
  }

  const [scenes, calls] = [page.scenes(), ledger.calls()]
  page.say(
    t(
      `${scenes} scenes, ${calls} calls: every answer was as the story expects. Play it again whenever you like.`,
      `${scenes} scener, ${calls} anrop: varje svar blev som berättelsen väntar sig. Spela den igen när du vill.`,
    ),
  )
}

async function playScenes(stage: Stage): Promise<void> {
  const visit = await chooseOnCookies(stage)
  await seeWhatStands(stage, visit)
  await sendAgain(stage, visit)
  await deliverLate(stage)
  const customer = await signUp(stage)
  await choiceThatIsNone(stage)
  await browserSaysNo(stage)
  await importOldConsent(stage)
  await withdraw(stage)
  await object(stage)
  await lookAhead(stage, customer)
  await askTheOther(stage, customer)
  await makeMistakes(stage)
  await prove(stage)
}
