/**
 * The data folder of a witness: its key, and of each log the checkpoints that it cosigned, the newest of which it must never forget.
 *
 *   witness.key                       Ed25519, PKCS#8 in PEM; made at the first start; whoever copies it can cosign in its name
 *   logs/<SHA-256 of the origin>/<n>  the n-th checkpoint that it cosigned, as a signed note with its own line
 *
 * A checkpoint is on disk before its cosignature leaves: written under another name, synced, linked to the next number, and the folder synced.
 * The link fails when the number is taken, so of two processes on one folder only one goes on from the same checkpoint. Files of numbers that
 * are long past are removed. A folder put back to an older state makes the witness cosign what contradicts it: never restore one.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A process that is as many checkpoints late still finds its number taken. */
const kept = 20
const digits = 12

export interface WitnessKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

export interface KeptCheckpoint {
  readonly number: number
  readonly note: string
}

export async function openWitnessKey(folder: string): Promise<WitnessKey> {
  const path = join(folder, 'witness.key')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeNew(folder, 'witness.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  const key = createPrivateKey(await readFile(path, 'utf8'))
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path} holds no Ed25519 key`)
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return {
    publicKey: Uint8Array.from(spki.subarray(-32)),
    sign: (message) => Uint8Array.from(sign(null, message, key)),
  }
}

/** SHA-256 of the origin in hex: the name of a log in the folder and in the witness's addresses. */
export const originHash = (origin: string): string => createHash('sha256').update(origin).digest('hex')

/** The checkpoint of a log that was cosigned last; `undefined` when there is none. */
export async function latestIn(folder: string, origin: string): Promise<KeptCheckpoint | undefined> {
  const logFolder = folderOf(folder, origin)
  const number = Math.max(0, ...(await numbersIn(logFolder)))
  return number === 0 ? undefined : { number, note: await readFile(join(logFolder, nameOf(number)), 'utf8') }
}

/**
 * Keeps a checkpoint as the next one after `previous`. It is durable when this returns true.
 *
 * @returns false when another process kept one meanwhile
 */
export async function keepNext(folder: string, origin: string, previous: number, note: string): Promise<boolean> {
  const logFolder = folderOf(folder, origin)
  await mkdir(logFolder, { recursive: true, mode: 0o700 })
  if (previous === 0) for (const parent of [join(folder, 'logs'), folder]) await syncFolder(parent)
  if (!(await writeNew(logFolder, nameOf(previous + 1), note))) return false
  const past = (await numbersIn(logFolder)).filter((number) => number <= previous - kept)
  await Promise.all(past.map((number) => rm(join(logFolder, nameOf(number)), { force: true })))
  return true
}

const folderOf = (folder: string, origin: string): string => join(folder, 'logs', originHash(origin))
const nameOf = (number: number): string => String(number).padStart(digits, '0')

async function numbersIn(logFolder: string): Promise<number[]> {
  const names = await readdir(logFolder).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return []
    throw error
  })
  return names.filter((name) => /^[0-9]{12}$/.test(name)).map(Number)
}

/** The file appears under its name only when it is whole and on disk. @returns false when the name is taken */
async function writeNew(folder: string, name: string, text: string): Promise<boolean> {
  const temporary = join(folder, `.new-${randomBytes(12).toString('hex')}`)
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
    await link(temporary, join(folder, name))
    await syncFolder(folder)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await file.close()
    await rm(temporary, { force: true })
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
