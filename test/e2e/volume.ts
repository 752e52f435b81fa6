import { kubectl, kubectlReading } from './commands.ts'
import { NAMESPACE } from './release.ts'

const NAME = 'oddnode-e2e'
const PARENT = '/var/tmp'

/** The storage class of the volume below, which needs no provisioner. */
export const STORAGE_CLASS = NAME

/** A volume in a folder of one node, for clusters without storage. @param image one with Node.js that is there already */
export async function createVolume(node: string, image: string): Promise<void> {
  await onNode(
    node,
    image,
    `fs.mkdirSync('/parent/${NAME}', { recursive: true }); fs.chmodSync('/parent/${NAME}', 0o777)`,
  )
  await apply({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: NAME },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: STORAGE_CLASS,
      hostPath: { path: `${PARENT}/${NAME}` },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] },
          ],
        },
      },
    },
  })
}

export async function deleteVolume(node: string, image: string): Promise<void> {
  await kubectl('delete', 'persistentvolume', NAME, '--ignore-not-found')
  await onNode(node, image, `fs.rmSync('/parent/${NAME}', { recursive: true, force: true })`)
}

/** Runs a line of JavaScript as root, with the folder of the volume's at /parent. */
async function onNode(nodeName: string, image: string, code: string): Promise<void> {
  await apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: NAME, namespace: NAMESPACE },
    spec: {
      nodeName,
      restartPolicy: 'Never',
      securityContext: { runAsUser: 0 },
      containers: [
        {
          name: 'parent',
          image,
          command: ['node', '--eval', code],
          volumeMounts: [{ name: 'parent', mountPath: '/parent' }],
        },
      ],
      volumes: [{ name: 'parent', hostPath: { path: PARENT, type: 'Directory' } }],
    },
  })
  await kubectl('-n', NAMESPACE, 'wait', '--for=jsonpath={.status.phase}=Succeeded', `pod/${NAME}`, '--timeout=60s')
  await kubectl('-n', NAMESPACE, 'delete', 'pod', NAME)
}

const apply = (object: object): Promise<string> => kubectlReading(JSON.stringify(object), 'apply', '-f', '-')
