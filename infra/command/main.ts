/** Entry point of the program `consent-ledger`. */
import type { Terminal } from './command.ts'
import { runConsentLedger } from './commands.ts'

// Older Node calls Ed25519 in WebCrypto experimental, on every run.
process.removeAllListeners('warning')
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.message}\n`)
})

const terminal: Terminal = {
  env: process.env,
  isTty: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  async stdin(maxBytes) {
    const parts: Buffer[] = []
    let size = 0
    for await (const part of process.stdin) {
      parts.push(part)
      size += part.length
      if (size >= maxBytes) break
    }
    return Buffer.concat(parts)
  },
}

// Who reads the first lines only, as `head` does, closes the pipe: the exit code is then still that of the command. A full disk is a failure.
let hasLostOutput = false
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if ('code' in error && error.code === 'EPIPE') return
    hasLostOutput = true
    process.exitCode = 1
  })

const exitCode = await runConsentLedger(process.argv.slice(2), terminal)
process.exitCode = hasLostOutput ? 1 : exitCode
