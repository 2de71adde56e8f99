/** The demo story: which scenes are played, in which order, and what one leaves to another. */
import type { Clock, Randomness } from '../../shared/ledger/store.ts'
import type { DemoClient } from './client.ts'
import type { Page } from './page.ts'
import { askTheOther, makeMistakes, prove } from './scenes-audit.ts'
import { importOldConsent, lookAhead, object, withdraw } from './scenes-change.ts'
import { browserSaysNo, choiceThatIsNone, signUp } from './scenes-choice.ts'
import { chooseOnCookies, deliverLate, seeWhatStands, sendAgain } from './scenes-visit.ts'
import { castFor, now, type Stage } from './stage.ts'
import { shortTime } from './telling.ts'
import { storyWords } from './words.ts'

export interface Play {
  readonly page: Page
  readonly ledger: DemoClient
  readonly clock: Clock
  readonly random: Randomness
  readonly newId: () => string
}

/** Plays all scenes; throws a sentence at the first answer that is otherwise than the story expects. */
export async function playStory({ page, ledger, clock, random, newId }: Play): Promise<void> {
  const run = Buffer.from(random(3)).toString('hex')
  const stage: Stage = { page, ledger, clock, newId, cast: castFor(run, random) }
  const words = storyWords[page.language]
  await ledger.reach()
  page.say(page.paint('bold', words.title(ledger.url)), words.run(run, shortTime(now(stage))))

  try {
    await playScenes(stage)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`Scene ${page.scenes()}: ${reason}`, { cause: error })
  }

  page.say(words.end(page.scenes(), ledger.calls()))
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
  await prove(stage)
  await makeMistakes(stage)
}
