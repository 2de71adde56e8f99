/** The mark that a file is to be vacuumed, and the vacuum: what is deleted is out of the file, whatever it is cut short by. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it, test } from 'vitest'
import { vacuumIfMarked, vaultMarkingDeletions } from '../../../../infra/local/data/vault-vacuum.ts'
import { memoryTable } from '../../../support/memory-table.ts'
import { memoryRetentionVault } from '../../../support/memory-vault.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forgetful-'))
  file = join(folder, 'vault.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const isMarked = () => existsSync(`${file}.deleted`)
const row = { pk: 'one', sk: 'subject', values: {} }

/** A database in which a secret stood, with enough around it to stay in a page that is in use. */
function databaseAt(path: string): void {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE rows (name TEXT PRIMARY KEY, bytes TEXT)')
  const insert = database.prepare('INSERT INTO rows VALUES (?, ?)')
  for (let n = 0; n < 50; n++) insert.run(`row-${n}`, n === 20 ? 'the-secret-key' : 'another')
  database.exec("DELETE FROM rows WHERE bytes = 'the-secret-key'")
  database.close()
}
const holdsSecret = (of = folder) =>
  readdirSync(of).some((name) => name.includes('.db') && readFileSync(join(of, name)).includes('the-secret-key'))

it('marks the file once, before the first deletion', async () => {
  const seen: boolean[] = []
  const vault = memoryRetentionVault(memoryTable(), {
    fault: () => {
      seen.push(isMarked())
      return undefined
    },
  })
  const marking = vaultMarkingDeletions(vault, file)
  await marking.remove([])
  await marking.get([row])
  await marking.query('one')
  expect(isMarked()).toBe(false)
  await marking.remove([row])
  await marking.remove([row])
  rmSync(`${file}.deleted`)
  await marking.removeValues(row, ['proof'])
  expect(seen).toEqual([true, true, true])
  expect(isMarked()).toBe(true)
})

it('leaves the mark when the deletion fails, because part of it may have been done', async () => {
  const vault = vaultMarkingDeletions(memoryRetentionVault(memoryTable(), { fault: () => 'after' }), file)
  await expect(vault.remove([row])).rejects.toMatchObject({ code: 'unavailable' })
  expect(isMarked()).toBe(true)
})

test('a marked file is vacuumed, and the mark is gone', async () => {
  databaseAt(file)
  expect(holdsSecret()).toBe(true)
  writeFileSync(`${file}.deleted`, '')
  await vacuumIfMarked(file)
  expect(holdsSecret()).toBe(false)
  expect(readdirSync(folder)).toEqual(['vault.db'])
  const database = new DatabaseSync(file)
  expect(database.prepare('SELECT count(*) AS n FROM rows').get()).toEqual({ n: 49 })
  database.close()
})

test('so are those that DynamoDB Local has beside it', async () => {
  const beside = `${file}.dynamodb-local`
  mkdirSync(beside)
  databaseAt(join(beside, 'shared-local-instance.db'))
  writeFileSync(`${file}.deleted`, '')
  await vacuumIfMarked(file)
  expect(holdsSecret(beside)).toBe(false)
})

test('a file without a mark is not touched, nor is one that is not there', async () => {
  databaseAt(file)
  const before = readFileSync(file)
  await vacuumIfMarked(file)
  expect(readFileSync(file).equals(before)).toBe(true)
  rmSync(file)
  writeFileSync(`${file}.deleted`, '')
  await vacuumIfMarked(file)
  expect(readdirSync(folder)).toEqual([])
})

test('what cannot be vacuumed is said, and stays marked', async () => {
  writeFileSync(file, 'no database, and long enough to be taken for one '.repeat(50))
  writeFileSync(`${file}.deleted`, '')
  await expect(vacuumIfMarked(file)).rejects.toMatchObject({ code: 'unavailable' })
  expect(isMarked()).toBe(true)
})
