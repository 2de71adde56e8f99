/**
 * How the work of a function grows with the size of what it is given, as a ratio of two sizes measured in the same run. A machine
 * that is slow or busy slows both sizes alike, so the ratio can be asserted where a number of milliseconds cannot.
 */

const mostRounds = 12
/** Shorter measurements are repeated: below this the clock's own steps would decide. */
const leastCpuUs = 4_000

/**
 * The CPU time of `run(large)` divided by that of `run(small)`: about `large / small` for linear work, its square for quadratic.
 * The sizes are measured in turn, and the least time of each counts: a collection of garbage, code not yet compiled and other load
 * can only add. The rounds end once the ratio is about that of linear work, because more of them could only confirm it.
 */
export function growth(small: number, large: number, run: (size: number) => unknown): number {
  run(small)
  let [ofSmall, ofLarge] = [Infinity, Infinity]
  for (let round = 0; round < mostRounds && !(ofLarge / ofSmall <= (1.5 * large) / small); round++) {
    const times = [cpuUs(() => run(small)), cpuUs(() => run(large))] as const
    ofSmall = Math.min(ofSmall, times[0])
    ofLarge = Math.min(ofLarge, times[1])
  }
  return ofLarge / ofSmall
}

/** CPU time of this thread for one call, in microseconds: what other processes do does not count. */
function cpuUs(run: () => unknown): number {
  for (let calls = 1; ; calls *= 4) {
    const begin = process.threadCpuUsage()
    for (let i = 0; i < calls; i++) run()
    const { user, system } = process.threadCpuUsage(begin)
    if (user + system >= leastCpuUs) return (user + system) / calls
  }
}
