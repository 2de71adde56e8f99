/** The command, called in this process: what it prints and how it ends. */
import { runConsentLedger } from '../../../infra/command/commands.ts'

export async function call(
  argv: readonly string[],
  more: { readonly stdin?: string; readonly isTty?: boolean; readonly env?: Record<string, string> } = {},
): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  let out = ''
  let err = ''
  const exit = await runConsentLedger(argv, {
    env: more.env ?? {},
    isTty: more.isTty ?? false,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    stdin: async (maxBytes) => Buffer.from(more.stdin ?? '').subarray(0, maxBytes),
  })
  return { exit, out, err }
}
