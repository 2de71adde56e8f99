/** A CMP for the United States, by the IAB's own library. It is asking until `ready` is called. */
import { CmpApi, SignalStatus, UsNatField } from '@iabgpp/cmpapi'

const api = new CmpApi(31, 3)
api.setApplicableSections([7])

Object.assign(globalThis, {
  ready(saleOptOut: number) {
    api.setFieldValueBySectionId(7, UsNatField.SALE_OPT_OUT, saleOptOut)
    api.setSignalStatus(SignalStatus.READY)
    return api.getGppString()
  },
  asking: () => api.setSignalStatus(SignalStatus.NOT_READY),
})
