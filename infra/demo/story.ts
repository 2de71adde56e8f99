/** The demo story: people who are new to the ledger in each run, and the scenes in order. */
import type { Clock, Randomness } from '../../shared/ledger/store.ts'
import type { DemoClient } from './client.ts'
import { type Page, shortTime } from './page.ts'
import { scenes } from './scenes.ts'
import { play, type Story } from './steps.ts'
import { type Person, people } from './world/people.ts'

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
  const { t } = page
  const now = (days = 0) => new Date(clock() + days * dayMs).toISOString()
  const story: Story = { page, ledger, cast: castFor(run, random), now, newId, visit: undefined }
  await ledger.reach()
  const title = t([`The consent ledger on ${ledger.url}`, `Samtyckesregistret på ${ledger.url}`])
  const note = t([
    'Ids and secrets are shortened; all people are invented.',
    'Id:n och hemligheter är förkortade, och alla personer är påhittade.',
  ])
  page.say(page.paint('bold', title), `${run}, ${shortTime(now())} UTC. ${note}`)
  for (const [i, { title, steps }] of scenes.entries()) {
    page.scene(i + 1, t(title))
    try {
      for (const step of steps) await play(story, step)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`Scene ${i + 1}: ${reason}`, { cause: error })
    }
  }
  const [count, calls] = [scenes.length, ledger.calls()]
  page.say(
    t([
      `${count} scenes, ${calls} calls: every answer was as the story expects. Play it again whenever you like.`,
      `${count} scener, ${calls} anrop: varje svar blev som berättelsen väntar sig. Spela den igen när du vill.`,
    ]),
  )
}

const dayMs = 24 * 3600 * 1000

/** Gives each person a fresh device secret of 144 random bits, and an account and an address with the name of this run. */
function castFor(run: string, random: Randomness): Story['cast'] {
  const players = Object.entries<Person>(people).map(([name, person]) => {
    const deviceSecret = Buffer.from(random(18)).toString('base64url')
    const email = (person.email ?? `${name}@brevbox.example`).replace('@', `+${run}@`)
    return [name, { ...person, deviceSecret, email, account: `${person.account ?? name}-${run}` }]
  })
  return Object.fromEntries(players)
}
