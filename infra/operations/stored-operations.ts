/**
 * Reads the reports of jobs (`shared/ledger/jobs/stored-reports.ts`), newest first, from a data folder or a bucket. It takes no lock, since
 * reports are write-once.
 */
import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { s3Names } from '../../functions/aws/s3-names.ts'
import { createS3Client, s3Objects } from '../../functions/aws/s3-objects.ts'
import { type JobName, type JobReport, jobNames } from '../../shared/ledger/jobs/job-report.ts'
import { readReport, reportFolder } from '../../shared/ledger/jobs/stored-reports.ts'
import { directoryObjects } from '../local/data/directory-objects.ts'

/** Where reports are. */
export interface ReportStore {
  /** The bytewise first names below a folder. */
  names(folder: string, limit: number): Promise<readonly string[]>
  get(name: string): Promise<Uint8Array | undefined>
  close(): void
}

/** A report, or an object that is none. */
export interface StoredOperation {
  readonly object: string
  readonly report?: JobReport
}

/** @param jobs only of these. @default all */
export async function newestOperations(
  store: ReportStore,
  limit: number,
  jobs: readonly JobName[] = jobNames,
): Promise<StoredOperation[]> {
  const names = (await Promise.all(jobs.map((job) => store.names(reportFolder(job), limit)))).flat()
  const place = (name: string) => name.slice(name.lastIndexOf('/') + 1)
  const newest = names.sort((a, b) => (place(a) < place(b) ? -1 : 1)).slice(0, limit)
  return Promise.all(
    newest.map(async (object) => {
      const bytes = await store.get(object)
      const report = bytes && readReport(bytes)
      return { object, ...(report && { report }) }
    }),
  )
}

/** @throws a sentence for people when the folder holds no ledger */
export async function reportsInFolder(dataFolder: string): Promise<ReportStore> {
  await access(join(dataFolder, 'ledger.db')).catch(() => {
    throw new Error(`there is no ledger in ${dataFolder}: it lacks ledger.db`)
  })
  const root = join(dataFolder, 'objects')
  return {
    async names(folder, limit) {
      const names = await readdir(join(root, folder)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      return names
        .filter((name) => !name.startsWith('.'))
        .sort()
        .slice(0, limit)
        .map((name) => folder + name)
    },
    get: (name) => directoryObjects(root).get(name),
    close: () => undefined,
  }
}

/** With the credentials that the SDK finds. `endpoint` is for tests. */
export function reportsInBucket(bucket: string, region: string, endpoint?: string): ReportStore {
  const client = createS3Client({ region, ...(endpoint !== undefined && { endpoint }) })
  const objects = s3Objects(client, { objects: bucket })
  return {
    names: (folder, limit) => s3Names(client, bucket, folder, limit),
    get: (name) => objects.get(name),
    close: () => client.destroy(),
  }
}
