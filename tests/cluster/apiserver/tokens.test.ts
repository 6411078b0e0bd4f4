/** Tokens of service accounts. Upstream: pkg/registry/core/serviceaccount/storage/token.go, pkg/serviceaccount/claims_test.go, kubectl pkg/cmd/create/create_token_test.go, pkg/controller/serviceaccount/tokens_controller_test.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const said = (cluster: Cluster, line: string, stdin = ''): string => {
  const { stdout, stderr } = cluster.kubectl(line, stdin);
  return stdout + stderr;
};
const read = (part: string): unknown => JSON.parse(atob(part.replace(/-/g, '+').replace(/_/g, '/')));
const claims = (token: string): Record<string, unknown> => read(token.split('.')[1]) as Record<string, unknown>;
const whoami = (cluster: Cluster, token: string): unknown => {
  const { status, body } = cluster.request({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    headers: { Authorization: `Bearer ${token}` },
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
  return status === 201 ? (body as { readonly status: { readonly userInfo: unknown } }).status.userInfo : status;
};
const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: robot-token, annotations: {kubernetes.io/service-account.name: robot}}
type: kubernetes.io/service-account-token
`;
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {serviceAccountName: robot, containers: [{name: c, image: nginx}]}\n';

describe('kubectl create token', () => {
  const cluster = openCluster();
  cluster.kubectl('create serviceaccount robot');
  cluster.kubectl('apply -f -', POD);
  cluster.settle();
  const uid = said(cluster, 'get sa robot -o jsonpath={.metadata.uid}');
  it('prints a token that says whose it is and when it ends', () => {
    const token = said(cluster, 'create token robot --duration 10m');
    const { iat, jti, ...own } = claims(token);
    expect(read(token.split('.')[0])).toMatchObject({ alg: 'RS256' });
    expect(token.split('.')[2]).toHaveLength(342);
    expect(jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(own).toEqual({
      aud: [ISSUER],
      exp: Number(iat) + 600,
      iss: ISSUER,
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'robot', uid } },
      nbf: iat,
      sub: 'system:serviceaccount:default:robot',
    });
  });
  it('asks for an hour and for the apiserver when it says nothing, and may be bound to a pod and so to its machine', () => {
    const request = JSON.parse(said(cluster, 'create token robot --bound-object-kind Pod --bound-object-name p -o json'));
    expect(request).toMatchObject({
      kind: 'TokenRequest',
      metadata: { name: 'robot', namespace: 'default' },
      spec: { audiences: [ISSUER], expirationSeconds: 3600, boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } },
    });
    const own = claims(request.status.token)['kubernetes.io'];
    expect(own).toMatchObject({ pod: { name: 'p' }, node: { name: said(cluster, 'get pod p -o jsonpath={.spec.nodeName}') } });
  });
  it.each([
    ['nobody', 'error: failed to create token: serviceaccounts "nobody" not found\n'],
    [
      'robot --duration 1m',
      'error: failed to create token: TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes\n',
    ],
    [
      'robot --duration 1200000h',
      'error: failed to create token: TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4320000000: may not specify a duration larger than 2^32 seconds\n',
    ],
    [
      'default --bound-object-kind Pod --bound-object-name p',
      'error: failed to create token: cannot bind token for serviceaccount "default" to pod running with different serviceaccount name.\n',
    ],
    ['robot --bound-object-kind Secret --bound-object-name no', 'error: failed to create token: secrets "no" not found\n'],
    [
      'robot --bound-object-kind Pod --bound-object-name p --bound-object-uid x',
      'error: failed to create token: Operation cannot be fulfilled on Pod "p": the UID in the bound object reference (x) does not match the UID in record. The object might have been deleted and then recreated\n',
    ],
    ['robot --duration=-1s', 'error: --duration must be greater than or equal to 0\n'],
    ['robot --duration 600500ms', 'error: --duration cannot be expressed in units less than seconds\n'],
    ['robot --bound-object-kind Foo', 'error: supported --bound-object-kind values are Node, Pod, Secret\n'],
    ['robot --bound-object-kind Pod', 'error: --bound-object-name is required if --bound-object-kind is provided\n'],
    ['robot --bound-object-name p', 'error: --bound-object-name can only be set if --bound-object-kind is provided\n'],
    ['', "error: exactly one NAME is required, got 0\nSee 'kubectl create token -h' for help and examples\n"],
  ])('create token %s', (line, says) => expect(said(cluster, `create token ${line}`)).toBe(says));
});

describe('who shows a token', () => {
  const ROBOT = {
    username: 'system:serviceaccount:default:robot',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
  };
  const cluster = openCluster();
  cluster.kubectl('create serviceaccount robot');
  cluster.kubectl('apply -f -', POD);
  cluster.settle();
  it('is its account, and may do what that may', () => {
    const token = said(cluster, 'create token robot');
    expect(whoami(cluster, token)).toEqual(ROBOT);
    const { status } = cluster.request({ method: 'GET', path: '/api/v1/pods', headers: { authorization: `Bearer ${token}` } });
    expect(status).toBe(403);
  });
  it('is nobody when a letter is changed, it is for others, it has ended, or what it is bound to is gone', () => {
    const token = said(cluster, 'create token robot');
    const bound = said(cluster, 'create token robot --bound-object-kind Pod --bound-object-name p');
    const ofNode = said(cluster, 'create token robot --bound-object-kind Node --bound-object-name worker-3');
    expect([whoami(cluster, bound), whoami(cluster, ofNode)]).toEqual([ROBOT, ROBOT]);
    expect(whoami(cluster, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toBe(401);
    expect(whoami(cluster, 'abc')).toBe(401);
    expect(whoami(cluster, said(cluster, 'create token robot --audience vault'))).toBe(401);
    cluster.kubectl('delete node worker-3');
    expect(whoami(cluster, ofNode)).toBe(401);
    cluster.kubectl('delete pod p');
    expect(whoami(cluster, bound)).toBe(401);
    expect(whoami(cluster, token)).toEqual(ROBOT);
    cluster.advance(3700);
    expect(whoami(cluster, token)).toBe(401);
  });
});

describe('a Secret of type service-account-token', () => {
  const data = (cluster: Cluster): Record<string, string> => JSON.parse(said(cluster, 'get secret robot-token -o json')).data;
  it('is filled, and its token is worth as much as the Secret lives', () => {
    const cluster = openCluster();
    cluster.kubectl('create serviceaccount robot');
    cluster.kubectl('apply -f -', SECRET);
    cluster.settle();
    const uid = said(cluster, 'get sa robot -o jsonpath={.metadata.uid}');
    const { token, namespace, 'ca.crt': ca } = data(cluster);
    expect([atob(namespace), atob(ca)]).toEqual(['default', said(cluster, 'get cm kube-root-ca.crt -o jsonpath={.data.ca\\.crt}')]);
    expect(claims(atob(token))).toEqual({
      iss: 'kubernetes/serviceaccount',
      'kubernetes.io/serviceaccount/namespace': 'default',
      'kubernetes.io/serviceaccount/secret.name': 'robot-token',
      'kubernetes.io/serviceaccount/service-account.name': 'robot',
      'kubernetes.io/serviceaccount/service-account.uid': uid,
      sub: 'system:serviceaccount:default:robot',
    });
    expect(said(cluster, 'get secret robot-token -o jsonpath={.metadata.annotations}')).toContain(
      `"kubernetes.io/service-account.uid":"${uid}"`,
    );
    expect(whoami(cluster, atob(token))).toMatchObject({ username: 'system:serviceaccount:default:robot' });
    cluster.kubectl('delete secret robot-token');
    expect(whoami(cluster, atob(token))).toBe(401);
  });
  it('goes with its account, and does not stay without one', () => {
    const cluster = openCluster();
    const gone = 'Error from server (NotFound): secrets "robot-token" not found\n';
    cluster.kubectl('apply -f -', SECRET);
    cluster.settle();
    expect(said(cluster, 'get secret robot-token')).toBe(gone);
    cluster.kubectl('create serviceaccount robot');
    cluster.kubectl('apply -f -', SECRET);
    cluster.settle();
    expect(Object.keys(data(cluster))).toEqual(['ca.crt', 'namespace', 'token']);
    cluster.kubectl('delete serviceaccount robot');
    cluster.settle();
    expect(said(cluster, 'get secret robot-token')).toBe(gone);
  });
});
