/** Sessions of the functions' roles from the stand-in for STS, one for each role: by its access key the front knows who asks. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { LambdaName } from '../../infra/lambda-names.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export interface RoleSessions {
  of(lambda: LambdaName): Promise<AwsCredentials>
  close(): void
}

export function roleSessions(region: string, arnOf: (lambda: LambdaName) => string): RoleSessions {
  const sts = new STSClient({ region })
  const sessions = new Map<LambdaName, Promise<AwsCredentials>>()

  async function open(lambda: LambdaName): Promise<AwsCredentials> {
    const command = new AssumeRoleCommand({ RoleArn: arnOf(lambda), RoleSessionName: lambda })
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = (await sts.send(command)).Credentials ?? {}
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  }

  return {
    of(lambda) {
      const known = sessions.get(lambda) ?? open(lambda)
      sessions.set(lambda, known)
      return known
    },
    close: () => sts.destroy(),
  }
}
