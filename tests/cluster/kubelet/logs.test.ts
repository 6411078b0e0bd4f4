/** Sources: pkg/apis/core/validation/validation_test.go TestValidatePodLogOptions, staging/src/k8s.io/cri-client/pkg/logs/logs_test.go, apimachinery pkg/runtime/conversion_test.go (v1.36). */
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

let cluster: Cluster;
const LOG = '/api/v1/namespaces/default/pods/talks/log';
const read = (query: string) => {
  const { status, body } = cluster.request({ method: 'GET', path: `${LOG}?${query}` });
  return { status, text: typeof body === 'string' ? body : ((body as { readonly message?: string }).message ?? '') };
};
const lines = (query: string): readonly string[] => read(query).text.split('\n').slice(0, -1);

beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('run talks --image=busybox --restart=Never -- sh -c "echo eins; sleep 20; echo zwölf; sleep 20; echo drei; sleep 1000"');
  cluster.kubectl('wait --for=condition=Ready pod/talks');
  cluster.advance(45);
});

describe('what of a log is wanted', () => {
  it.each<[string, number, string]>([
    ['tailLines=-1', 422, 'PodLogOptions "talks" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['limitBytes=0', 422, 'PodLogOptions "talks" is invalid: limitBytes: Invalid value: 0: must be greater than 0'],
    ['sinceSeconds=0', 422, 'PodLogOptions "talks" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0'],
    [
      'sinceSeconds=1&sinceTime=2026-05-04T09:00:00Z',
      422,
      'PodLogOptions "talks" is invalid: : Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
    [
      'tailLines=-1&limitBytes=-1',
      422,
      'PodLogOptions "talks" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, limitBytes: Invalid value: -1: must be greater than 0]',
    ],
    ['tailLines=abc', 400, 'strconv.ParseInt: parsing "abc": invalid syntax'],
    ['sinceTime=noon', 400, 'parsing time "noon" as "2006-01-02T15:04:05Z07:00": cannot parse "noon" as "2006"'],
  ])('%s is refused', (query, status, text) => expect(read(query)).toEqual({ status, text }));

  it('is its end, what is younger, or so many bytes', () => {
    expect([lines(''), lines('tailLines=2'), lines('tailLines=0')]).toEqual([['eins', 'zwölf', 'drei'], ['zwölf', 'drei'], []]);
    const stamps = lines('timestamps=true').map((line) => line.split(' ')[0]);
    expect([
      lines('sinceSeconds=10'),
      lines(`sinceTime=${stamps[1].slice(0, 19)}Z`),
      lines(`sinceTime=${stamps[1].slice(0, 19)}Z&tailLines=1`),
    ]).toEqual([['drei'], ['zwölf', 'drei'], ['drei']]);
    expect([read('limitBytes=7').text, read('limitBytes=7&tailLines=1').text, read('limitBytes=1000').text]).toEqual([
      'eins\nzw',
      'drei\n',
      'eins\nzwölf\ndrei\n',
    ]);
  });
  it('takes a word for yes as Go does', () => {
    expect([lines('timestamps=0'), lines('timestamps=False')]).toEqual([
      ['eins', 'zwölf', 'drei'],
      ['eins', 'zwölf', 'drei'],
    ]);
    expect(lines('timestamps=')[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z eins$/);
    expect(read('previous').text).toBe('previous terminated container "talks" in pod "talks" not found');
  });
});
