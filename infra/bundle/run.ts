/** `npm run bundle`: bundles the Lambda functions into `dist/lambda` and prints how large they are and what they contain. */
import { parseCommandLine, run } from '../command-line.ts'
import { type Contents, contentsOf } from './contents.ts'
import { bundleLambdas } from './lambda-bundles.ts'

const help = `npm run bundle -- [options]

Bundles the Lambda functions into dist/lambda/<function>, their source maps into dist/lambda-maps, and prints what they hold, in KB of
1,000 bytes: what is loaded at start, everything, and the largest contents of what is loaded at start.

  --out DIR   another folder than dist
  --json      the same as JSON, in bytes
  --help      this text`

const mostContents = 6

function tableOf(all: readonly Contents[]): string {
  const rows = all.map(({ name, bytesAtStart, bytesInAll, atStart }) => [
    ...[name, kilobytes(bytesAtStart), kilobytes(bytesInAll)],
    [...atStart]
      .slice(0, mostContents)
      .map(([origin, bytes]) => `${origin} ${kilobytes(bytes)}`)
      .join(', '),
  ])
  const table = [['function', 'at start', 'in all', 'of what is loaded at start'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  return table
    .map(([name = '', start = '', whole = '', contents = '']) =>
      [name.padEnd(widths[0] ?? 0), start.padStart(widths[1] ?? 0), whole.padStart(widths[2] ?? 0), contents].join(
        '  ',
      ),
    )
    .join('\n')
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)
}

run(async () => {
  const { values } = parseCommandLine({
    options: { out: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    console.log(help)
    return
  }
  const all = (await bundleLambdas(values.out)).map(contentsOf)
  const report = all.map(({ name, bytesAtStart, bytesInAll, atStart }) => ({
    ...{ name, bytesAtStart, bytesInAll },
    atStart: Object.fromEntries(atStart),
  }))
  console.log(values.json ? JSON.stringify(report, null, 2) : tableOf(all))
})
