/**
 * Imported first by every program of this repository: ends it with a sentence when Node is too old. This file and the programs' entries
 * are JavaScript, because an older Node fails on TypeScript before it runs a line.
 */
const needed = 24
const { node } = process.versions

if (Number.parseInt(node, 10) < needed) {
  console.error(
    `This needs Node ${needed}, and was started by Node ${node}. Run it by npm (npm start, npm run …), which after npm ci has Node ${needed} on Linux x64; elsewhere install Node ${needed}.`,
  )
  process.exit(2)
}
