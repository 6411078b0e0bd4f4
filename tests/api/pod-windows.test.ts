/** What a pod may ask of Windows. Cases and words: pkg/apis/core/validation/validation.go and validation_test.go (v1.36): TestValidateWindowsSecurityContextOptions, TestValidateWindowsHostProcessPod. */
import { expect, it } from 'vitest';
import { c, pod, said } from './pod-objects.ts';

const at = 'spec.securityContext.windowsOptions';
const user = (name: string): string => `${at}.runAsUserName: Invalid value: ${JSON.stringify(name)}: runAsUserName`;
const CHARACTERS = `'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]`;

it.each<readonly [string, readonly string[]]>([
  ['fooUser', []],
  ['', [' cannot be an empty string']],
  ['\\', ["'s Domain doesn't match the NetBios nor the DNS format", "'s User cannot be empty"]],
  ['foo\\', ["'s User cannot be empty"]],
  ['\\foo', ["'s Domain doesn't match the NetBios nor the DNS format"]],
  [`${'a'.repeat(256)}\\foo`, ["'s Domain length must be under 256 characters", "'s Domain doesn't match the NetBios nor the DNS format"]],
  [`foo\\${'a'.repeat(104)}`, []],
  [`foo\\${'a'.repeat(105)}`, ["'s User length must not be longer than 104 characters"]],
  ['a\\b\\c', [' cannot contain more than one backslash']],
  ['domain.with-dash.and.dots\\User', []],
  ['*domain\\user', ["'s Domain doesn't match the NetBios nor the DNS format"]],
  ['foo\\...', ["'s User cannot contain only periods or spaces"]],
  ['foo\\us*er', [CHARACTERS]],
  ['foo\u0001bar', [' cannot contain control characters']],
])('runs as the user %j', (runAsUserName, words) => {
  expect(said(pod({ securityContext: { windowsOptions: { runAsUserName } } }))).toEqual(
    words.map((word) => `${at}.runAsUserName: Invalid value: ${JSON.stringify(runAsUserName)}: runAsUserName${word}`),
  );
  expect(said(pod({ containers: [c({ securityContext: { windowsOptions: { runAsUserName } } })] }))).toEqual(
    words.map((word) => user(runAsUserName).replace('spec.', 'spec.containers[0].') + word),
  );
});

it('has credentials of some length, by a name that an object can have', () => {
  const of = (windowsOptions: object): readonly string[] => said(pod({ securityContext: { windowsOptions } }));
  expect(of({ gmsaCredentialSpec: '' })[0]).toContain('gmsaCredentialSpec cannot be an empty string');
  expect(of({ gmsaCredentialSpec: 'a'.repeat(64 * 1024) })).toEqual([]);
  expect(of({ gmsaCredentialSpec: 'a'.repeat(64 * 1024 + 1) })[0]).toContain('gmsaCredentialSpec size must be under 64 KiB');
  expect(of({ gmsaCredentialSpecName: 'invalid-gmsa-cred-spec-name-' })[0]).toContain('a lowercase RFC 1123 subdomain must consist of');
});

const process = (hostProcess: boolean): object => ({ securityContext: { windowsOptions: { hostProcess } } });
const NETWORK = 'spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers';
const MIXED = 'spec: Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers';

it.each<readonly [string, object, readonly string[]]>([
  ['none', { containers: [c()] }, []],
  ['all, from the pod', { hostNetwork: true, ...process(true), containers: [c()] }, []],
  [
    'all, each by itself',
    { hostNetwork: true, containers: [c(process(true))], initContainers: [{ ...c(process(true)), name: 'init' }] },
    [],
  ],
  ['without the network of the machine', { ...process(true) }, [NETWORK]],
  ['some', { hostNetwork: true, containers: [c(process(true)), { ...c(), name: 'other' }] }, [MIXED]],
  [
    'not as the pod says',
    { hostNetwork: true, ...process(true), containers: [c(process(false))] },
    [
      'spec.containers[0].securityContext.windowsOptions.hostProcess: Invalid value: false: pod hostProcess value must be identical if both are specified, was true',
    ],
  ],
])('containers are processes of the machine: %s', (_name, spec, errors) => expect(said(pod(spec as never))).toEqual(errors));
