/** `npm run keys`: replaces the notice key or the pepper of a controller, or tells its log of a new checkpoint or receipt key. */
import { madeKeys, replaceableKeys } from '../../shared/consent/key-change.ts'
import { Misuse, run } from '../command-line.ts'
import { readArguments } from '../local/arguments.ts'
import { controllerFrom, ledgerOptions, openAdministeredLedger } from './ledger-access.ts'

const options = {
  replace: { help: 'notice, pepper, checkpoint, receipt; several with commas: notice,pepper', placeholder: 'KEYS' },
  vkey: {
    help: 'with checkpoint: verifier key of the new one, from the first log line of the log’s policy',
    placeholder: 'VKEY',
  },
  change: { help: 'number of the change: 1, then one more each time', placeholder: 'N' },
  ground: { help: 'why, in words that name nobody; kept for ever', placeholder: 'TEXT' },
  stolen: { help: 'somebody else may have the keys: no token that the replaced notice key made counts any more' },
  controller: { help: 'id of the controller (default: the only one of a ledger on this machine)', placeholder: 'ID' },
  ...ledgerOptions,
}
const usage = `npm run keys -- --replace KEYS --change N --ground TEXT [options]

Replaces the notice key, which authenticates the tokens of texts that were served, or the pepper, which names the keys of people.
No row, event or proof changes, and each person stays who they are. The checkpoint key and the receipt key are replaced by a deployment; for
these the command tells the controller's log. A refusal of --change says which number is next; repeating the command
changes nothing. infra/runbook.md says when to do it.`

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const keys = (given.replace ?? '').split(',').filter(Boolean)
  const unknown = keys.find((key) => !replaceableKeys.some((each) => each === key))
  if (keys.length === 0 || unknown !== undefined)
    throw new Misuse(`--replace is one or more of ${replaceableKeys.join(',')}`)
  if (!/^\d+$/.test(given.change ?? '')) throw new Misuse('--change is a number: 1, then one more each time')
  if (given.ground === undefined) throw new Misuse('--ground says why the keys are replaced')
  const ledger = await openAdministeredLedger(given)
  const controller = await controllerFrom(given.controller, ledger)
  const body = {
    change: Number(given.change),
    keys,
    stolen: given.stolen !== undefined,
    ground: given.ground,
    vkey: given.vkey,
  }
  const { json } = await ledger.call('POST', `/v1/controllers/${controller}/keys`, {}, body)
  const isMade = keys.some((key) => madeKeys.some((each) => each === key))
  console.log(
    `Change ${json.change} of the keys of ${controller} was made at ${json.changedAt}: ${keys.join(', ')}.${isMade ? ' What is new is in use everywhere a minute later.' : ''}`,
  )
})
