/**
 * Who may act as whom, and as what. Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation/impersonation_test.go TestImpersonationFilter (v1.36):
 * its cases for users, groups and service accounts, with the cluster's admin as the one who may and everybody else as those who may not.
 */
import { describe, expect, it } from 'vitest';
import { identities } from '../../../src/cluster/client/identity.ts';
import { impersonated } from '../../../src/cluster/apiserver/impersonate.ts';
import { openCluster } from '../../../src/engine/headless.ts';

const dev = { user: 'dev', groups: ['wheel', 'system:authenticated'] };

it.each([
  ['nobody', {}, { user: 'kubernetes-admin', groups: identities.admin.groups }],
  ['a user', { user: 'tester' }, { user: 'tester', groups: ['system:authenticated'] }],
  [
    'a user of groups',
    { user: 'system:admin', groups: ['extra-setter-scopes', 'system:masters'] },
    { user: 'system:admin', groups: ['extra-setter-scopes', 'system:masters', 'system:authenticated'] },
  ],
  [
    'a user who is not authenticated',
    { user: 'unknown', groups: ['system:unauthenticated'] },
    { user: 'unknown', groups: ['system:unauthenticated'] },
  ],
  [
    'a user who says so',
    { user: 'tester', groups: ['system:authenticated', 'wheel'] },
    { user: 'tester', groups: ['system:authenticated', 'wheel'] },
  ],
  ['the anonymous user', { user: 'system:anonymous' }, { user: 'system:anonymous', groups: ['system:unauthenticated'] }],
  [
    'the anonymous user of a group',
    { user: 'system:anonymous', groups: ['wheel'] },
    { user: 'system:anonymous', groups: ['wheel', 'system:unauthenticated'] },
  ],
  [
    'a service account',
    { user: 'system:serviceaccount:foo:default' },
    { user: 'system:serviceaccount:foo:default', groups: ['system:serviceaccounts', 'system:serviceaccounts:foo', 'system:authenticated'] },
  ],
  [
    'a service account of another group',
    { user: 'system:serviceaccount:foo:default', groups: ['wheel'] },
    { user: 'system:serviceaccount:foo:default', groups: ['wheel', 'system:authenticated'] },
  ],
])('the admin acts as %s', (_, asked, as) => expect(impersonated(identities.admin, asked)).toEqual({ as }));

it.each([
  [
    'a user',
    { user: 'tester' },
    'users "tester" is forbidden: User "dev" cannot impersonate resource "users" in API group "" at the cluster scope',
  ],
  [
    'a service account',
    { user: 'system:serviceaccount:foo:default' },
    'serviceaccounts "default" is forbidden: User "dev" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "foo"',
  ],
])('others do not act as %s', (_, asked, message) =>
  expect(impersonated(dev, asked)).toMatchObject({ status: { code: 403, reason: 'Forbidden', message } }),
);

it('a group alone is nobody', () =>
  expect(impersonated(identities.admin, { groups: ['wheel'] })).toMatchObject({
    status: { code: 500, message: expect.stringContaining('requested [{Group  wheel    }] without impersonating a user') as string },
  }));

describe('in a cluster', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const pods = '/api/v1/namespaces/default/pods';
  it('the headers decide, and what is asked is asked by the other', () => {
    expect(cluster.request({ method: 'GET', path: pods, headers: { 'Impersonate-User': 'bob' } })).toMatchObject({
      status: 403,
      body: { message: 'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"' },
    });
    expect(
      cluster.request({ method: 'GET', path: pods, headers: { 'Impersonate-User': 'bob', 'Impersonate-Group': 'wheel,system:masters' } })
        .status,
    ).toBe(200);
    expect(cluster.request({ method: 'GET', path: pods, headers: { 'Impersonate-User': 'bob' }, as: { user: 'eve' } })).toMatchObject({
      status: 403,
      body: { message: 'users "bob" is forbidden: User "eve" cannot impersonate resource "users" in API group "" at the cluster scope' },
    });
    const who = cluster.request({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      headers: { 'Impersonate-User': 'bob' },
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    });
    expect(who.body).toMatchObject({ status: { userInfo: { username: 'bob', groups: ['system:authenticated'] } } });
  });
  it('kubectl asks with --as and --as-group', () => {
    expect(cluster.kubectl('get pods --as=bob').stderr).toBe(
      'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"\n',
    );
    expect(cluster.kubectl('get pods --as=bob --as-group=wheel --as-group=system:masters').exitCode).toBe(0);
    expect(cluster.kubectl('auth can-i list pods --as=bob').stdout).toBe('no\n');
    expect(cluster.kubectl('auth can-i impersonate users').stdout).toContain('yes\n');
  });
});
