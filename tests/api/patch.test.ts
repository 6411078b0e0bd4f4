import { describe, expect, it } from 'vitest';
import { lastAppliedOf, lastAppliedText, threeWayPatch, withLastApplied } from '../../src/api/machinery/patch/apply.ts';
import { applyPatch } from '../../src/api/machinery/patch/apply-patch.ts';
import { diffMaps } from '../../src/api/machinery/patch/diff.ts';
import { jsonPatch } from '../../src/api/machinery/patch/json-patch.ts';
import { mergePatch } from '../../src/api/machinery/patch/merge.ts';
import { strategicPatch } from '../../src/api/machinery/patch/strategic.ts';
import { deepFreeze } from '../../src/lib/deep-freeze.ts';

describe('JSON merge patch', () => {
  // RFC 7386, appendix A
  it.each<[unknown, unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j + %j', (target, patch, result) => {
    expect(mergePatch(deepFreeze(target), patch)).toEqual(result);
  });
});

describe('JSON patch', () => {
  // RFC 6902, appendix A
  it.each<[string, unknown, readonly unknown[], unknown]>([
    ['A.1', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
    ['A.2', { foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
    ['A.3', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    ['A.4', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
    ['A.5', { baz: 'qux', foo: 'bar' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo', foo: 'bar' }],
    [
      'A.6',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    [
      'A.7',
      { foo: ['all', 'grass', 'cows', 'eat'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
      { foo: ['all', 'cows', 'eat', 'grass'] },
    ],
    [
      'A.8',
      { baz: 'qux', foo: ['a', 2, 'c'] },
      [
        { op: 'test', path: '/baz', value: 'qux' },
        { op: 'test', path: '/foo/1', value: 2 },
      ],
      { baz: 'qux', foo: ['a', 2, 'c'] },
    ],
    ['A.10', { foo: 'bar' }, [{ op: 'add', path: '/child', value: { grandchild: {} } }], { foo: 'bar', child: { grandchild: {} } }],
    ['A.14', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
    ['A.16', { foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }], { foo: ['bar', ['abc', 'def']] }],
  ])('%s', (_, document, patch, result) => {
    expect(jsonPatch(deepFreeze(document), patch)).toEqual(result);
  });
  // gopkg.in/evanphx/json-patch.v4 patch.go
  it.each<[unknown, unknown, string]>([
    [{ baz: 'qux' }, { op: 'test', path: '/baz', value: 'bar' }, 'testing value /baz failed: test failed'],
    [
      { foo: 'bar' },
      { op: 'add', path: '/baz/bat', value: 'qux' },
      'add operation does not apply: doc is missing path: "/baz/bat": missing value',
    ],
    [{ a: 1 }, { op: 'remove', path: '/b' }, "error in remove for path: '/b': Unable to remove nonexistent key: b: missing value"],
    [{ a: [] }, { op: 'replace', path: '/a/0', value: 1 }, 'replace operation does not apply: doc is missing key: /a/0: missing value'],
    [
      { a: [1] },
      { op: 'remove', path: '/a/-2' },
      "error in remove for path: '/a/-2': Unable to access invalid index: -2: invalid index referenced",
    ],
    [
      { a: [1] },
      { op: 'add', path: '/a/3', value: 1 },
      "error in add for path: '/a/3': Unable to access invalid index: 3: invalid index referenced",
    ],
    [
      { a: [1] },
      { op: 'add', path: '/a/x', value: 1 },
      `error in add for path: '/a/x': value was not a proper array index: 'x': strconv.Atoi: parsing "x": invalid syntax`,
    ],
    [{ a: 1 }, { op: 'move', from: '/b', path: '/c' }, "error in move for path: 'b': Unable to remove nonexistent key: b: missing value"],
    [
      { a: { b: 1 } },
      { op: 'move', from: '/a', path: '/a/b/c' },
      'move operation does not apply: doc is missing destination path: /a/b/c: missing value',
    ],
    [
      { a: [1] },
      { op: 'copy', from: '/a/1', path: '/c' },
      "error in copy for from: '/a/1': Unable to access invalid index: 1: invalid index referenced",
    ],
    [{}, { op: 'add', path: '', value: {} }, 'add operation does not apply: doc is missing path: "": missing value'],
    [{}, { op: 'remove' }, 'remove operation failed to decode path: missing value'],
    [{}, { op: 'test' }, 'test operation failed to decode path: operation missing path field: missing value'],
    [{}, { op: 'copy', path: '/a' }, 'copy operation failed to decode from: operation, missing from field: missing value'],
    [{}, { op: 'fly', path: '/a' }, 'Unexpected kind: fly'],
  ])('%j %j is refused', (document, operation, message) => {
    expect(() => jsonPatch(document, [operation])).toThrow(new Error(message));
  });
  // The same, SupportNegativeIndices, and partialDoc.get, which does not mind what is not there.
  it.each<[unknown, unknown, unknown]>([
    [{ a: [1, 2, 3] }, { op: 'remove', path: '/a/-1' }, { a: [1, 2] }],
    [{ a: [1, 2, 3] }, { op: 'replace', path: '/a/-3', value: 0 }, { a: [0, 2, 3] }],
    [{ a: [1, 2] }, { op: 'add', path: '/a/-1', value: 3 }, { a: [1, 2, 3] }],
    [{ a: [1, 2] }, { op: 'add', path: '/a/-3', value: 0 }, { a: [0, 1, 2] }],
    [{ a: [1, 2] }, { op: 'copy', from: '/a/-1', path: '/a/0' }, { a: [2, 1, 2] }],
    [{ a: [1, 2, 3] }, { op: 'move', from: '/a/-1', path: '/a/-3' }, { a: [3, 1, 2] }],
    [{ a: [{ b: 1 }] }, { op: 'test', path: '/a/-1/b', value: 1 }, { a: [{ b: 1 }] }],
    [{ a: [1] }, { op: 'add', path: '/a/01', value: 2 }, { a: [1, 2] }],
    [{}, { op: 'replace', path: '/b', value: 1 }, { b: 1 }],
    [{}, { op: 'copy', from: '/a', path: '/b' }, { b: null }],
    [{}, { op: 'add', path: '/a' }, { a: null }],
    [{}, { op: 'test', path: '/a', value: null }, {}],
    [{ a: 1 }, { op: 'replace', path: '', value: { b: 1 } }, { b: 1 }],
    [{}, { op: 'add', path: 'x/a', value: 1 }, { a: 1 }],
  ])('%j %j makes %j', (document, operation, result) => {
    expect(jsonPatch(deepFreeze(document), [operation])).toEqual(result);
  });
  it('what does not fit is answered with 422, what is no patch with 400', () => {
    const send = (contentType: string, patch: unknown): unknown => {
      const r = applyPatch({ contentType, object: { a: 1 }, patch, model: '' });
      return 'status' in r ? r.status.code : r.object;
    };
    expect([
      send('application/json-patch+json', [{ op: 'remove', path: '/b' }]),
      send('application/json-patch+json', {}),
      send('text/plain', {}),
      send('application/merge-patch+json', { a: null }),
    ]).toEqual([422, 400, 415, {}]);
  });
});

const names = (list: unknown): readonly string[] => (list as readonly { readonly name: string }[]).map((c) => c.name);
const spec = (...containers: readonly object[]): { readonly containers: readonly object[] } => ({ containers });

describe('strategic merge patch', () => {
  // the documentation's example: kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch
  it('adds a container to a list that merges by name, in front of those it does not name', () => {
    const patched = strategicPatch(
      deepFreeze(spec({ name: 'patch-demo-ctr', image: 'nginx' })),
      spec({ name: 'patch-demo-ctr-2', image: 'redis' }),
      'V1PodSpec',
    ) as { containers: unknown };
    expect(names(patched.containers)).toEqual(['patch-demo-ctr-2', 'patch-demo-ctr']);
  });
  it('replaces lists without a merge key', () => {
    expect(strategicPatch({ tolerations: [{ key: 'a' }] }, { tolerations: [{ key: 'b' }] }, 'V1PodSpec')).toEqual({
      tolerations: [{ key: 'b' }],
    });
  });
  it('$retainKeys clears the siblings: RollingUpdate to Recreate', () => {
    const old = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '30%' } } };
    expect(strategicPatch(old, { strategy: { $retainKeys: ['type'], type: 'Recreate' } }, 'V1DeploymentSpec')).toEqual({
      strategy: { type: 'Recreate' },
    });
  });
  it('$patch deletes an item and replaces a list', () => {
    const old = deepFreeze(spec({ name: 'a' }, { name: 'b' }));
    expect(strategicPatch(old, spec({ name: 'a', $patch: 'delete' }), 'V1PodSpec')).toEqual(spec({ name: 'b' }));
    expect(strategicPatch(old, spec({ $patch: 'replace' }, { name: 'c' }), 'V1PodSpec')).toEqual(spec({ name: 'c' }));
    expect(strategicPatch({ nodeSelector: { a: 'b' } }, { nodeSelector: { $patch: 'replace', c: 'd' } }, 'V1PodSpec')).toEqual({
      nodeSelector: { c: 'd' },
    });
  });
  it('$setElementOrder orders, $deleteFromPrimitiveList removes', () => {
    const patched = strategicPatch(
      spec({ name: 'a' }, { name: 'b' }),
      { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }, { name: 'c' }], containers: [{ name: 'c' }] },
      'V1PodSpec',
    ) as { containers: unknown };
    expect(names(patched.containers)).toEqual(['b', 'a', 'c']);
    expect(strategicPatch({ finalizers: ['a', 'b'] }, { '$deleteFromPrimitiveList/finalizers': ['a'] }, 'V1ObjectMeta')).toEqual({
      finalizers: ['b'],
    });
    expect(strategicPatch({ finalizers: ['a'] }, { finalizers: ['b'] }, 'V1ObjectMeta')).toEqual({ finalizers: ['b', 'a'] });
  });
  it('refuses what is malformed', () => {
    expect(() => strategicPatch(spec({ name: 'a' }), spec({ image: 'x' }), 'V1PodSpec')).toThrow(
      'does not contain declared merge key: name',
    );
    expect(() => strategicPatch({}, { $patch: 'eat' }, 'V1PodSpec')).toThrow('unknown patch type: eat');
  });
});

describe('kubectl apply', () => {
  const deployment = (replicas: number | undefined, image: string, more: object = {}) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default', ...more },
    spec: { ...(replicas === undefined ? {} : { replicas }), template: { spec: { containers: [{ name: 'c', image }] } } },
  });
  it('writes its own annotation as kubectl does', () => {
    expect(lastAppliedText({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a<b' } })).toBe(
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{},"name":"a\\u003cb"}}\n',
    );
    expect(lastAppliedOf(withLastApplied(deployment(3, 'nginx')))).toEqual({
      ...deployment(3, 'nginx'),
      metadata: { name: 'web', namespace: 'default', annotations: {} },
    });
  });
  it('applying again what is there changes nothing', () => {
    const modified = withLastApplied(deployment(3, 'nginx'));
    const current = {
      ...modified,
      metadata: { ...modified.metadata, uid: 'u' },
      spec: { ...modified.spec, revisionHistoryLimit: 10 },
      status: { replicas: 3 },
    };
    expect(threeWayPatch({ original: lastAppliedOf(current), modified, current, model: 'V1Deployment' })).toEqual({});
  });
  it('deletes what it set before and sets no more, keeps what others set', () => {
    const current = {
      ...withLastApplied(deployment(3, 'nginx:1')),
      spec: {
        replicas: 7,
        paused: true,
        template: { spec: { containers: [{ name: 'sidecar' }, { name: 'c', image: 'nginx:1', tty: true }] } },
      },
    };
    const patch = threeWayPatch({
      original: lastAppliedOf(current),
      modified: withLastApplied(deployment(undefined, 'nginx:2')),
      current,
      model: 'V1Deployment',
    });
    expect(patch.spec).toEqual({
      replicas: null,
      template: { spec: { '$setElementOrder/containers': [{ name: 'c' }], containers: [{ name: 'c', image: 'nginx:2' }] } },
    });
    const result = strategicPatch(current, patch, 'V1Deployment') as typeof current;
    expect(result.spec).toEqual({
      paused: true,
      template: { spec: { containers: [{ name: 'sidecar' }, { name: 'c', image: 'nginx:2', tty: true }] } },
    });
  });
  it('a removed container is deleted by name', () => {
    const patch = diffMaps(spec({ name: 'a' }, { name: 'b' }), spec({ name: 'b' }), 'V1PodSpec', {});
    expect(patch).toEqual({ '$setElementOrder/containers': [{ name: 'b' }], containers: [{ $patch: 'delete', name: 'a' }] });
  });
});

// Expected: gopkg.in/evanphx/json-patch.v4 MergePatch, apimachinery v0.36.4 strategicpatch CreateTwoWayMergePatch and util/json UnmarshalStrict, run on these inputs.
it.each<[unknown, unknown, unknown]>([
  [{ a: [1] }, { a: [{ b: null, c: 1 }, null] }, { a: [{ c: 1 }, null] }],
  [{ a: { b: 1 } }, { a: [{ b: null }] }, { a: [{ b: null }] }],
  [{}, { a: [{ b: { c: null } }] }, { a: [{ b: {} }] }],
])('a merge patch leaves nulls out of new lists: %j + %j', (target, patch, result) => {
  expect(mergePatch(deepFreeze(target), patch)).toEqual(result);
});
it('the same words in another order are no change of an unsorted list', () => {
  expect(diffMaps({ metadata: { finalizers: ['c', 'a'] } }, { metadata: { finalizers: ['a', 'c'] } }, 'V1Pod', {})).toEqual({});
  expect(diffMaps({ metadata: { finalizers: ['a', 'c'] } }, { metadata: { finalizers: ['c', 'a'] } }, 'V1Pod', {})).toEqual({
    metadata: { '$setElementOrder/finalizers': ['c', 'a'] },
  });
});
it.each<[string, unknown, string]>([
  ['json-patch', {}, 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp'],
  ['json-patch', [1], 'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp'],
  [
    'json-patch',
    [{ op: 'add', path: 1 }],
    'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.path of type string',
  ],
  ['merge-patch', 'x', 'error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}'],
  ['strategic-merge-patch', true, 'error decoding patch: json: cannot unmarshal bool into Go value of type map[string]interface {}'],
  ['merge-patch', null, 'Invalid JSON Patch'],
])('%s %j: %s', (type, patch, message) => {
  expect(applyPatch({ contentType: `application/${type}+json`, object: {}, patch, model: 'V1Pod' })).toMatchObject({
    status: { message, code: 400 },
  });
});
