/** Records of each tool, as its own form has them, and what is refused of them. */
import { describe, expect, it } from 'vitest'
import { type ImportDraft, importDraft, type Mapping } from '../../../shared/api/schemas/imports.ts'
import { reportLine } from '../../../shared/imports/error-report.ts'
import { readerOf } from '../../../shared/imports/formats.ts'
import { snippetsOf } from '../../support/readme-snippets.ts'

type Case = readonly [what: string, fields: Record<string, unknown>, expected: unknown]

const at = '2025-03-04T12:30:00.000Z'
const usercentrics = {
  ...{
    'Controller ID': 'c1',
    Timestamp: '2025-03-04T12:30:00Z',
    'CMP Configuration ID': 'x',
    'CMP Configuration Version': '7',
  },
  ...{
    'Consent Action': 'onAcceptAllServices',
    'Data Processing Service ID': 'HkocEodjb7',
    'Consent Given': 'true',
    'Consent String': '',
  },
}
const didomi = {
  ...{ id: 'e1', created_at: '2025-03-04T12:30:00Z', user: { organization_user_id: 'u1' } },
  consents: {
    purposes: [
      { id: 'analytics', enabled: true },
      { id: 'ads', enabled: false },
    ],
  },
}
const commanders = {
  ...{
    id_hit: 'h1',
    id_tagcommander: 't1',
    version: '3',
    cookie: '1,2',
    date_hit: '2025-03-04 12:30:00',
    privacy_action: '1',
  },
  ...{ type_action: 'banner', device: '1' },
}
const c15t = {
  ...{
    id: 'con_1',
    subjectId: 'sub_1',
    externalId: 'acct-1',
    purposeIds: '["marketing"]',
    givenAt: '2025-03-04 12:30:00',
  },
  ...{ consentAction: 'custom', uiSource: 'dialog', version: '1.0' },
}

const cases: Readonly<Partial<Record<ImportDraft['format'], readonly Case[]>>> = {
  usercentrics: [
    [
      'a yes',
      usercentrics,
      {
        originId: 'c1 2025-03-04T12:30:00Z HkocEodjb7',
        identifier: { id: 'c1' },
        occurredAt: at,
        decisions: [{ purpose: 'HkocEodjb7', verb: 'given' }],
        version: '7',
        details: { act: 'button', control: 'accept-all' },
      },
    ],
    [
      'a no, without an act',
      { ...usercentrics, 'Consent Given': 'false', 'Consent Action': 'onInitialPageLoad' },
      { decisions: [{ verb: 'refused' }], details: {} },
    ],
    ['a time in milliseconds', { ...usercentrics, Timestamp: '1741091400000' }, { occurredAt: at }],
    ['the report of opt-ins', { settingsId: 's', TemplateId: 't', OptIn: '5', OptOut: '2' }, 'aggregate-report'],
    ['no controller', { ...usercentrics, 'Controller ID': '' }, 'no-identifier'],
    ['no decision', { ...usercentrics, 'Consent Given': '' }, 'no-decision'],
    ['a word for it', { ...usercentrics, 'Consent Given': 'perhaps' }, 'unknown-value'],
  ],
  didomi: [
    [
      'an event',
      didomi,
      {
        originId: 'e1',
        identifier: { id: 'u1' },
        occurredAt: at,
        decisions: [
          { purpose: 'analytics', verb: 'given' },
          { purpose: 'ads', verb: 'refused' },
        ],
      },
    ],
    ['no user', { ...didomi, user: {} }, 'no-identifier'],
    ['no purposes', { ...didomi, consents: { purposes: [] } }, 'no-decision'],
    ['a text for enabled', { ...didomi, consents: { purposes: [{ id: 'a', enabled: 'yes' }] } }, 'unknown-value'],
    ['no id', { ...didomi, id: undefined }, 'no-origin-id'],
  ],
  'commanders-act': [
    [
      'an opt-in',
      commanders,
      {
        originId: 'h1',
        identifier: { id: 't1' },
        occurredAt: at,
        decisions: [
          { purpose: '1', verb: 'given' },
          { purpose: '2', verb: 'given' },
        ],
        refusesOthers: true,
        details: { device: 'phone', surface: 'banner' },
      },
    ],
    ['a refusal of all', { ...commanders, privacy_action: '-1' }, { decisions: [], refusesOthers: true }],
    ['a view', { ...commanders, privacy_action: 'V' }, undefined],
    ['an opt-in to nothing', { ...commanders, cookie: '' }, 'no-decision'],
    ['another action', { ...commanders, privacy_action: '9' }, 'unknown-value'],
  ],
  'cookie-script': [
    [
      'an acceptance',
      {
        Key: 'k1',
        Action: 'accept',
        Time: '2025-03-04 12:30:00',
        Categories: 'performance, targeting',
        'Page URL': '/a',
      },
      {
        originId: 'k1 2025-03-04 12:30:00',
        occurredAt: at,
        decisions: [
          { purpose: 'performance', verb: 'given' },
          { purpose: 'targeting', verb: 'given' },
        ],
        refusesOthers: true,
        details: { page: '/a' },
      },
    ],
    [
      'a rejection',
      { Key: 'k1', Action: 'reject', Time: '2025-03-04 12:30:00', Categories: '' },
      { decisions: [], refusesOthers: true },
    ],
    [
      'an acceptance of nothing',
      { Key: 'k1', Action: 'accept', Time: '2025-03-04 12:30:00', Categories: '' },
      'no-decision',
    ],
  ],
  'cookie-compliance': [
    [
      'an acceptance',
      { sub: 's1', jti: 'j1', lat: 1741091400, consent: 'Accept', purpose: 'analytics' },
      {
        originId: 'j1',
        identifier: { id: 's1' },
        occurredAt: at,
        decisions: [{ purpose: 'analytics', verb: 'given' }],
      },
    ],
    ['no time', { sub: 's1', jti: 'j1', consent: 'Accept', purpose: 'analytics' }, 'no-time'],
  ],
  c15t: [
    [
      'a row',
      c15t,
      {
        originId: 'con_1',
        identifier: { id: 'acct-1' },
        occurredAt: at,
        decisions: [{ purpose: 'marketing', verb: 'given' }],
        refusesOthers: true,
        version: '1.0',
        details: { act: 'button', control: 'save-choices', surface: 'preference-centre' },
      },
    ],
    [
      'a row without an account',
      { ...c15t, externalId: null, purposeIds: { json: ['a', 'b'] } },
      { identifier: { id: 'sub_1' }, decisions: [{ purpose: 'a' }, { purpose: 'b' }] },
    ],
    [
      'a refusal',
      { ...c15t, purposeIds: '[]', consentAction: 'necessary' },
      { decisions: [], details: { control: 'refuse-all' } },
    ],
  ],
  ledger: [['another JSON', { eventId: 'x' }, 'not-the-format']],
}

function outcome(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return (error as { reason?: string }).reason ?? error
  }
}

describe.each(Object.entries(cases))('%s', (format, all) => {
  it.each(all)('%s', (_, fields, expected) => {
    const found = outcome(() => readerOf({ format: format as ImportDraft['format'] })(fields))
    if (typeof expected === 'object') expect(found).toMatchObject(expected as object)
    else expect(found).toBe(expected)
  })
})

describe('a mapping', () => {
  const mapping: Mapping = {
    identifier: { id: { column: 'user.mail' }, type: { constant: 'email' } },
    occurredAt: { column: 'when', format: 'epoch-s' },
    decisions: [
      { purpose: { constant: 'newsletter' }, verb: { column: 'news', values: { ja: 'given', nej: 'refused' } } },
      { policyId: { constant: 'terms' }, verb: { column: 'terms', values: { ok: 'accepted' } } },
    ],
    text: { column: 'text' },
    channel: { constant: 'phone' },
  }
  const fields = { user: { mail: 'kim@example.org' }, when: 1741091400, news: 'ja', terms: '', text: 'Read this' }
  const read = (given: object) => outcome(() => readerOf({ format: 'mapping', mapping })({ ...fields, ...given }))

  it('takes members of members, leaves out empty decisions, and hashes text and record', () => {
    expect(read({})).toMatchObject({
      identifier: { id: 'kim@example.org', type: 'email' },
      occurredAt: at,
      decisions: [{ purpose: 'newsletter', verb: 'given' }],
      text: { textSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      details: { channel: 'phone' },
    })
    const id = (given: object) => (read(given) as { originId: string }).originId
    expect(id({})).toBe(id({}))
    expect(id({})).not.toBe(id({ news: 'nej' }))
  })

  it.each([
    [{ user: { mail: ' ' } }, 'no-identifier'],
    [{ when: 'yesterday' }, 'bad-time'],
    [{ when: null }, 'no-time'],
    [{ news: 'kanske' }, 'unknown-value'],
    [{ news: '' }, 'no-decision'],
    [{ user: JSON.parse('{"__proto__":{"mail":"x"}}') }, 'no-identifier'],
  ])('refuses %o', (given, reason) => {
    expect(read(given)).toBe(reason)
  })
})

it('the settings of the README are an import, and their mapping reads a row', () => {
  const settings = JSON.parse(snippetsOf('shared/imports/README.md').get('settings') ?? '')
  const request = { importId: crypto.randomUUID(), format: 'mapping', files: [{ name: 'a.csv', bytes: 1 }] }
  const { mapping } = importDraft.parse({ ...request, ...settings })
  const fields = { id: '7', email: 'kim@example.org', date: '04/03/2025 13:30', newsletter: 'no', terms: '2' }
  expect(readerOf({ format: 'mapping', mapping })(fields)).toMatchObject({
    ...{ originId: '7', identifier: { id: 'kim@example.org', type: 'email' }, occurredAt: at, version: '2' },
    decisions: [{ purpose: 'newsletter', verb: 'refused' }],
  })
})

it('a line of the report is one line, and no formula', () => {
  const line = reportLine({ file: '=1+1.csv', line: 3, reason: 'bad-time', detail: '=cmd|x\n,"y"' })
  expect(line).toBe(`'=1+1.csv,3,bad-time,"'=cmd|x ,""y"""\r\n`)
})
