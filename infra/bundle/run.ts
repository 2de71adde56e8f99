/** `npm run bundle`: bundles the Lambda functions into `dist/lambda` and prints how large they are and what they contain. */
import { run } from '../command-line.ts'
import { readArguments } from '../local/arguments.ts'
import { textTable } from '../text-layout.ts'
import { type Contents, contentsOf } from './contents.ts'
import { bundleLambdas } from './lambda-bundles.ts'

const usage = `npm run bundle -- [options]

Bundles the Lambda functions into dist/lambda/<function>, their source maps into dist/lambda-maps, and prints what they hold, in KB of
1,000 bytes: what is loaded at start, everything, and the largest contents of what is loaded at start.`

const options = {
  out: { help: 'another folder than dist', placeholder: 'DIR' },
  json: { help: 'the same as JSON, in bytes' },
}

const mostContents = 6

function tableOf(all: readonly Contents[]): string {
  const rows = all.map(({ name, bytesAtStart, bytesInAll, atStart }) => [
    ...[name, kilobytes(bytesAtStart), kilobytes(bytesInAll)],
    [...atStart]
      .slice(0, mostContents)
      .map(([origin, bytes]) => `${origin} ${kilobytes(bytes)}`)
      .join(', '),
  ])
  return textTable(['function', 'at start', 'in all', 'of what is loaded at start'], rows)
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)
}

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const all = (await bundleLambdas(given.out)).map(contentsOf)
  const report = all.map(({ name, bytesAtStart, bytesInAll, atStart }) => ({
    ...{ name, bytesAtStart, bytesInAll },
    atStart: Object.fromEntries(atStart),
  }))
  console.log(given.json ? JSON.stringify(report, null, 2) : tableOf(all))
})
