/** The demo story: the scenes in order, against a ledger that serves the demo world. */
import { ProblemError } from '../../shared/server/server.ts'
import { shortTime } from './page.ts'
import { scenes } from './scenes.ts'
import { openStory, type Play, type Story } from './session.ts'
import { playStep } from './steps.ts'

/** Plays all scenes. Throws a sentence at the first answer that the story does not expect. */
export async function playStory(play: Play): Promise<void> {
  const story = openStory(play)
  const { page, ledger } = play
  await reach(story, ledger.url)
  const title = page.t([`The consent ledger on ${ledger.url}`, `Samtyckesregistret på ${ledger.url}`])
  const note = page.t([
    'Ids and secrets are shortened; all people are invented.',
    'Id:n och hemligheter är förkortade, och alla personer är påhittade.',
  ])
  page.say(page.paint('bold', title), `${story.run}, ${shortTime(story.now())} UTC. ${note}`)
  for (const [i, scene] of scenes.entries()) {
    page.scene(i + 1, page.t(scene.title))
    try {
      for (const step of scene.steps) await playStep(story, step)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`Scene ${i + 1}: ${reason} (${story.lastCall()})`, { cause: error })
    }
  }
  const [count, calls] = [scenes.length, story.calls.length]
  page.say(
    page.t([
      `${count} scenes, ${calls} calls: every answer was as the story expects. You can play it again.`,
      `${count} scener, ${calls} anrop: varje svar blev som berättelsen väntar sig. Du kan spela den igen.`,
    ]),
  )
}

/** Throws a sentence unless the ledger with these site keys answers. */
async function reach(story: Story, url: string): Promise<void> {
  const reached = await story
    .open()
    .getNotice('cookie-policy')
    .catch((error: unknown) => error)
  if (!(reached instanceof ProblemError)) return
  if (reached.code === 'unreachable')
    throw new Error(`No ledger answers at ${url}: run \`npm start\` in another terminal, then \`npm run demo\` again.`)
  if (reached.status === 401)
    throw new Error(`The ledger at ${url} does not know the site keys in demo.json: name its own folder with --data.`)
  throw new Error(`What answers at ${url} does not serve the demo world: it said ${reached.status}.`)
}
