/** functions/README.md: its table of error codes is the one that is served, and the files that it names exist. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { problemStatuses } from '../../functions/http/problem.ts'

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'functions/README.md'), 'utf8')

it('lists every error code with its status', () => {
  const rows = [...readme.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(([, code = '', status]) => [
    code,
    Number(status),
  ])
  expect(rows).toHaveLength(Object.keys(problemStatuses).length)
  expect(Object.fromEntries(rows)).toEqual(problemStatuses)
})

it('names files that exist', () => {
  const inRepository = [...readme.matchAll(/`((?:shared|functions|infra|test)\/[^`\s]+)`/g)].map(
    ([, path = '']) => path,
  )
  const inFunctions = [...readme.matchAll(/`((?:http|endpoints|jobs|lambda|aws|c15t|pages)\/[^`\s]*)`/g)].map(
    ([, path]) => `functions/${path}`,
  )
  const named = [...inRepository, ...inFunctions]
  expect(named.length).toBeGreaterThan(40)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})
