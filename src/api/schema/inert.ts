/**
 * Fields that are read, checked and stored as upstream does, and that nothing here acts on: 'accepted, not simulated'.
 * A namespace's Pod Security labels may forbid some of them all the same.
 * One table for the editor's marks; a test looks through src/cluster and complains when a field of this table is used there.
 */
const INERT: Readonly<Record<string, string>> = {
  V1PodSpec: 'hostIPC hostPID hostUsers imagePullSecrets resourceClaims schedulingGroup',
  V1Container: 'stdin stdinOnce volumeDevices',
  V1EphemeralContainer: 'stdin stdinOnce volumeDevices',
  V1SecurityContext:
    'allowPrivilegeEscalation appArmorProfile capabilities privileged procMount readOnlyRootFilesystem seLinuxOptions seccompProfile windowsOptions',
  V1PodSecurityContext:
    'appArmorProfile fsGroupChangePolicy seLinuxChangePolicy seLinuxOptions seccompProfile supplementalGroupsPolicy sysctls windowsOptions',
  V1EnvVarSource: 'fileKeyRef',
  V1HTTPGetAction: 'httpHeaders scheme',
  V1ResourceRequirements: 'claims',
  V1ServiceSpec: 'loadBalancerClass loadBalancerIP',
  V1ServiceAccount: 'imagePullSecrets secrets',
};
const table = new Map(Object.entries(INERT).map(([model, fields]) => [model, new Set(fields.split(' '))]));

export const isInert = (model: string, field: string): boolean => table.get(model)?.has(field) ?? false;
export const inertFields: readonly (readonly [string, string])[] = [...table].flatMap(([model, fields]) =>
  [...fields].map((field) => [model, field] as const),
);
