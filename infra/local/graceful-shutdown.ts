/**
 * Shuts a local server down, once and in order, after a signal or when the npm that started it has died. The npm scripts replace their shell
 * by the server (`exec`), so npm is its parent and passes SIGINT and SIGTERM on; a SIGKILL of npm is noticed by polling. A server that npm did
 * not start outlives its parent, as services must.
 */

/** Bound on the shutdown, below the 10 s that `docker stop` waits. After it the process exits: its lock is released, its engines end. */
const patienceMs = 8_000
const parentPollMs = 500

/**
 * @param script name of the npm script that starts the program
 * @param end closes everything; called once
 */
export function shutDownOnSignal(script: string, end: () => Promise<void>): void {
  let isEnding = false
  const stop = async () => {
    if (isEnding) return
    isEnding = true
    setTimeout(() => process.exit(1), patienceMs).unref()
    await end().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // The reader of our output may end first; without a listener a write would then throw.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  if (process.env.npm_lifecycle_event === script) whenParentDies(stop)
}

/** Polls the parent's id, because an orphaned process gets another parent. */
function whenParentDies(stop: () => void): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) stop()
  }, parentPollMs).unref()
}
