/** Lists the names of objects in a bucket, for programs of an operator: no deployed function lists reports. Not run against AWS. */
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { checkObjectFolder } from '../../shared/ledger/object-names.ts'

/** The bytewise first names below a folder, at most 1,000. */
export async function s3Names(client: S3Client, bucket: string, folder: string, limit: number): Promise<string[]> {
  checkObjectFolder(folder)
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: folder, MaxKeys: limit }))
  return (Contents ?? []).flatMap(({ Key }) => Key ?? [])
}
