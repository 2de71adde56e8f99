/** `npm run checkpoint-key`: replaces the key that signs the checkpoints of a ledger on this machine, in two steps. */
import { join } from 'node:path'
import { couldNotBegin, Misuse, run } from '../../command-line.ts'
import { readArguments } from '../arguments.ts'
import { addCheckpointKey, retireCheckpointKeys } from '../data/checkpoint-keys.ts'
import { defaultDataFolder, lockDataFolder } from '../data/data-folder.ts'
import { readIfThere } from '../data/write-once-file.ts'

const steps = ['add', 'retire'] as const

const options = {
  step: { placeholder: 'STEP', help: `one of ${steps.join(', ')}`, isOperand: true },
  data: { placeholder: 'DIR', help: 'folder of the data', env: 'LEDGER_DATA', default: defaultDataFolder },
}
const usage = `npm run checkpoint-key -- STEP [options]

Replaces the key that signs checkpoints. The server must be stopped. Repeating a step changes nothing.

  add       makes a new key; from the next start on both keys sign, and the log's policy lists both
  retire    when everyone who verifies has that policy: the earlier key signs no more, its private half is deleted, and it stays in the
            policy for what it signed before. Back it up first if you need to go back`

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const { step = '', data = defaultDataFolder } = given
  if (!steps.some((each) => each === step))
    throw new Misuse(`there is no step ${step}: give one STEP of ${steps.join(', ')}`)
  const keys = join(data, 'keys')
  if (!(await readIfThere(join(keys, 'host')))) throw new Error(`there is no ledger in ${data}`)
  const folder = await lockDataFolder(data)
  try {
    if (step === 'add') {
      const number = await addCheckpointKey(keys)
      console.log(
        `Checkpoint key ${number} signs from the next start on, beside the one before. Give everyone who verifies the policy anew.`,
      )
    } else {
      const count = await retireCheckpointKeys(keys)
      console.log(
        count > 0
          ? 'The earlier checkpoint key is retired, and its private half is deleted.'
          : 'One key signs; there is none to retire.',
      )
    }
  } finally {
    await folder.release()
  }
}, couldNotBegin)
