/**
 * A CMP, by the IAB's own library: what it asks, and the TC string that it keeps (since TCF 2.3 with the vendors that it disclosed). Its vendor
 * list is one of TCF 2.4, with `standardTexts`.
 */
import { CmpApi } from '@iabtechlabtcf/cmpapi'
import { GVL, Segment, TCModel, TCString } from '@iabtechlabtcf/core'

const numbered = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      i + 1,
      { id: i + 1, name: `${i + 1}`, description: '', illustrations: [] },
    ]),
  )
const vendor = { purposes: [1, 4, 8], legIntPurposes: [10], flexiblePurposes: [], specialPurposes: [], features: [] }
const vendorList = {
  gvlSpecificationVersion: 3,
  vendorListVersion: 120,
  tcfPolicyVersion: 5,
  lastUpdated: '2026-11-19T16:00:00Z',
  purposes: numbered(11),
  specialPurposes: numbered(3),
  features: numbered(3),
  specialFeatures: numbered(2),
  stacks: {},
  standardTexts: { features: 'Devices can be told apart without asking.' },
  vendors: { 12: { ...vendor, id: 12, name: 'Lupin', specialFeatures: [] } },
}

const api = new CmpApi(300, 1, true)
// The list has only what a CMP reads to make a string. The type of the constructor demands a whole list.
const gvl = new GVL(vendorList as unknown as ConstructorParameters<typeof GVL>[0])
const kept = localStorage.getItem('tc') ?? ''
api.update(kept, kept === '')
// Like CMPs that update once for the string that they load and once for their vendor list: the library calls the second an act.
if (kept !== '') for (let times = 0; times < 2; times++) api.update(kept)

function save(consents: readonly number[], interests: readonly number[]): void {
  const model = new TCModel(gvl)
  Object.assign(model, { cmpId: 300, cmpVersion: 1, isServiceSpecific: true, publisherCountryCode: 'SE' })
  model.purposeConsents.set([...consents])
  model.purposeLegitimateInterests.set([...interests])
  model.vendorsDisclosed.set([12])
  const tcString = TCString.encode(model, {
    segments: [Segment.CORE, Segment.VENDORS_DISCLOSED, Segment.PUBLISHER_TC],
  })
  localStorage.setItem('tc', tcString)
  api.update(tcString)
}

function button(label: string, act: () => void): void {
  const element = document.body.appendChild(document.createElement('button'))
  element.textContent = label
  element.onclick = act
}

button('Accept all', () => save([1, 3, 4, 8], [10]))
button('Refuse all', () => save([], [10]))
button('Object', () => save([], []))
button('Statistics only', () => save([1, 8], [10]))
button('Open', () => api.update(localStorage.getItem('tc') ?? '', true))
