/**
 * When a test counts as hung. No test has a limit of its own and none asserts how long something took, because a slow or busy
 * machine is no fault of the code: this limit only ends what would never end, and is far above what the slowest test needs.
 */
const minuteMs = 60_000

export const timeLimits = {
  testTimeout: 15 * minuteMs,
  hookTimeout: 15 * minuteMs,
  expect: { poll: { timeout: 5 * minuteMs } },
}
