/** The files of imports and exports on AWS; the client is loaded with the first call, because most calls need none. */
import type { TransferFiles } from '../../shared/ledger/transfers/transfer-files.ts'
import { variable } from './environment.ts'

export function transferFilesOnAws(): TransferFiles {
  const bucket = variable('files')
  let made: Promise<TransferFiles> | undefined
  const files = () => {
    made ??= load(bucket).catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
  return {
    write: async (name, chunks) => (await files()).write(name, chunks),
    async *read(name, offset, version) {
      yield* (await files()).read(name, offset, version)
    },
    version: async (name) => (await files()).version(name),
    size: async (name) => (await files()).size(name),
    list: async (folder) => (await files()).list(folder),
    remove: async (name) => (await files()).remove(name),
    uploadUrl: async (name, bytes) => (await files()).uploadUrl(name, bytes),
    downloadUrl: async (name) => (await files()).downloadUrl(name),
  }
}

/** Lambda sets region and credentials at the start of an instance, and ends it before they expire. */
async function load(bucket: string): Promise<TransferFiles> {
  const [{ createS3Client }, { s3TransferFiles }] = await Promise.all([
    import('../aws/s3-objects.ts'),
    import('../aws/s3-transfer-files.ts'),
  ])
  const region = process.env.AWS_REGION ?? ''
  const credentials = {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
    ...(process.env.AWS_SESSION_TOKEN !== undefined && { sessionToken: process.env.AWS_SESSION_TOKEN }),
  }
  const endpoint = process.env.AWS_ENDPOINT_URL_S3
  const at = { region, ...(endpoint !== undefined && { endpoint }) }
  return s3TransferFiles(createS3Client({ ...at, credentials }), { ...at, bucket })
}
