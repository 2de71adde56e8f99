import { TlogError } from '../../../shared/tlog/tlog-error.ts'

/** The code of the TlogError thrown, `undefined` when nothing is; any other error goes through and fails the test. */
export function refusal(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return codeOf(error)
  }
}

export async function asyncRefusal(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof TlogError) return error.code
  throw error
}
