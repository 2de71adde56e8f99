/** The demo story on a ledger of this process, over HTTP: that it comes to its end, what it prints, and that it can fail. */
import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type DemoLanguage, openPage, wantsColour } from '../../../infra/demo/page.ts'
import type { DemoLedger } from '../../../infra/demo/session.ts'
import { playStory } from '../../../infra/demo/story.ts'
import { sharedLedger } from '../../support/shared-ledger.ts'

const dayMs = 24 * 3600 * 1000
const scenes = 15

const ledger = sharedLedger({ clockOnlyGoesOn: true })

interface Played {
  readonly language?: DemoLanguage
  readonly colour?: boolean
  /** Milliseconds that the story's clock is ahead of the system's. */
  readonly aheadMs?: number
  readonly instead?: Partial<DemoLedger>
}

/** Plays the story; the lines that it printed. */
async function play({ language = 'en', colour = false, aheadMs = 0, instead }: Played = {}): Promise<string[]> {
  const lines: string[] = []
  const mailbox = join(ledger.dataFolder, 'mailbox')
  const sites = Object.fromEntries([...ledger.sites].map(([name, site]) => [name, site.key]))
  await playStory({
    page: openPage({ colour, language, print: (line) => lines.push(line) }),
    ledger: { url: ledger.url, sites, issuer: ledger.local.issuer, mailbox, language, ...instead },
    clock: () => Date.now() + aheadMs,
    random: randomBytes,
    newId: randomUUID,
  })
  return lines
}

const labels = (lines: readonly string[]) => lines.flatMap((line) => line.match(/^ {4}(\S.{10}) /)?.[1]?.trim() ?? [])
const sentences = (lines: readonly string[]) => lines.filter((line) => /^ {12,}.*[a-z] [a-z]+ [a-z]+/.test(line))
/** Details of problems are in English whatever the language. */
const details = [
  'this eventId was recorded with different content; an event never changes',
  'the token is not valid for this controller, or there is no such controller',
  'no policy of this controller ever declared this purpose',
  'only the operator may use this verb, with a token',
]
const headings = (lines: readonly string[]) => lines.filter((line) => /^[ \d]\d {2}\S/.test(line))

describe('the story', () => {
  it('comes to its end, twice on one ledger', async () => {
    const first = await play()
    const second = await play()
    for (const lines of [first, second]) {
      expect(headings(lines)).toHaveLength(scenes)
      expect(lines.at(-1)).toMatch(/^ {4}15 scenes, \d+ calls: every answer was as the story expects\./)
    }
    expect(headings(second)).toEqual(headings(first))
  })

  it('fits the page, and shows no secret, token or time in full', async () => {
    const lines = await play()
    expect(lines.filter((line) => line.length > 100)).toEqual([])
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([])
    const text = lines.join('\n')
    // A device secret has 24 characters, a token far more.
    expect(text.match(/[A-Za-z0-9_-]{24,}/g)).toBeNull()
    expect(text.match(/\d{4}-\d\d-\d\dT/g)).toBeNull()
    expect(text).not.toMatch(/[{"]\w+":|\bundefined\b|\[object/)
    expect(text).not.toContain('\u001b')
  })

  it('is in Swedish: each heading, label, sentence and question', async () => {
    const [english, swedish] = [await play(), await play({ language: 'sv' })]
    expect(headings(swedish)).toHaveLength(scenes)
    expect(swedish.at(-1)).toMatch(/^ {4}15 scener, \d+ anrop: varje svar blev som berättelsen väntar sig\./)
    expect(swedish.filter((line) => line.length > 100)).toEqual([])
    const same = (of: (lines: readonly string[]) => readonly string[]) =>
      new Set(of(swedish)).intersection(new Set(of(english)))
    expect(same(headings)).toEqual(new Set())
    expect(same(labels)).toEqual(new Set(['signal', 'text']))
    const inEnglish = ['receives the visits.', ...details].map((line) => ' '.repeat(16) + line)
    expect(same(sentences)).toEqual(new Set(inEnglish))
  })

  it('has the same layout in colour', async () => {
    const lines = await play({ colour: true })
    expect(lines.join('')).toContain('\u001b[')
    const plain = lines.map((line) => stripVTControlCharacters(line))
    expect(plain.filter((line) => line.length > 100)).toEqual([])
    expect(headings(plain)).toHaveLength(scenes)
  })
})

describe('the story ends with a sentence', () => {
  it('when the ledger refuses what it was to record', async () => {
    const sites = { 'ljungsten/web': ledger.key('ljungsten/web') }
    const said = /^Scene 4: recordEvents: unauthenticated.* \(POST \/v1\/events {2}401\)$/s
    await expect(play({ instead: { sites } })).rejects.toThrow(said)
  })

  it('when the site keys are those of another ledger', async () => {
    await expect(play({ instead: { sites: {} } })).rejects.toThrow('name its own folder with --data')
  })

  it('when nothing answers', async () => {
    const played = play({ instead: { url: 'http://127.0.0.1:1' } })
    await expect(played).rejects.toThrow('No ledger answers at http://127.0.0.1:1: run `npm start` in another terminal')
  })

  it.each([
    ['without a ledger', [], /^There is no .+npm start.+\n$/],
    ['in no language that it knows', ['--lang', 'fi'], /^--lang fi: give one of en, sv\n$/],
  ])('and the program %s with exit code 2', async (_, given, stderr) => {
    const data = await mkdtemp(join(tmpdir(), 'consent-demo-'))
    const program = join(import.meta.dirname, '../../../infra/demo/demo.ts')
    const ended = promisify(execFile)(process.execPath, [program, '--data', data, ...given])
    await expect(ended).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(stderr),
    })
    await rm(data, { recursive: true })
  })
})

describe('the page', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
  ])('on %j with %j: colour %j', (stream, env, expected) => {
    expect(wantsColour(stream, env)).toBe(expected)
  })

  it('aligns columns and wraps the last under its own beginning, with and without colour', () => {
    const print = (colour: boolean) => {
      const lines: string[] = []
      const page = openPage({ colour, print: (line) => lines.push(stripVTControlCharacters(line)) })
      page.table(
        'answer',
        ['a', 'b'],
        [
          [page.paint('green', 'wide cell'), 'x'.repeat(60)],
          ['', `${'word '.repeat(20)}`],
        ],
      )
      return lines
    }
    const words = 'word '.repeat(14).trimEnd()
    expect(print(false)).toEqual([
      `    answer      a          b`,
      `                wide cell  ${'x'.repeat(60)}`,
      `                           ${words}`,
      `                           ${'word '.repeat(6).trimEnd()}`,
    ])
    expect(print(true)).toEqual(print(false))
  })
})

/** Last, and in order: a ledger whose log is ahead of its clock refuses to write. */
describe('when the ledger’s clock is ahead', () => {
  it('the story ends in the scene whose answer differs', async () => {
    ledger.setClockAhead(dayMs)
    await expect(play()).rejects.toThrow('Scene 1: the verdict on the times was to be "trusted", and is "corrected"')
  })

  it('and goes on when nothing is scheduled any more', async () => {
    const aheadMs = Math.max(2 * dayMs, Date.parse('2027-06-01T00:00:00Z') - Date.now())
    ledger.setClockAhead(aheadMs)
    const lines = await play({ aheadMs })
    expect(lines.join('\n')).toContain('Nothing is scheduled.')
    expect(headings(lines)).toHaveLength(scenes)
  })
})
