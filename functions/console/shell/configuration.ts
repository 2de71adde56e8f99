/** `/console/config.json`: the controllers that a reader may sign in for, and where (`shared/api/schemas/console-config.ts`). */
import type { ConsoleConfig } from '../../../shared/api/schemas/console-config.ts'

export type Configuration = ConsoleConfig

/** How a reader signs in for one controller. */
export type SignInOption = ConsoleConfig['controllers'][number]

export async function fetchConfiguration(): Promise<Configuration> {
  const answer = await fetch('config.json', { credentials: 'omit' })
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`)
  return answer.json()
}
