import { describe, expect, it } from 'vitest';
import { apiVersionOf, kinds } from '../../src/api/registry.ts';
import { table, tables } from '../../src/engine/parts.ts';

const pod = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { containers: [{ name: 'c' }] },
  ...more,
});
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's' },
  spec: { clusterIP: '10.0.0.1', ports: [{ port: 80, protocol: 'TCP' }] },
};

describe('table', () => {
  it('tells ages when it is told the time', () => {
    expect(table([pod('a')]).rows[0][4]).toBe('<unknown>');
    expect(table([pod('a')], { now: '2026-01-01T00:05:00Z' }).rows[0][4]).toBe('5m');
    expect(table([pod('a')], { nowMs: Date.UTC(2026, 0, 2) }).rows[0][4]).toBe('24h');
    expect(() => table([pod('a')], { now: 'noon' })).toThrow('now is an RFC 3339 time, not "noon"');
  });
  it('takes one object, several and lists', () => {
    const { kind: _kind, apiVersion: _apiVersion, ...item } = pod('a');
    const rows = [
      pod('a'),
      [pod('a')],
      { apiVersion: 'v1', kind: 'List', items: [pod('a')] },
      { apiVersion: 'v1', kind: 'PodList', items: [item] },
    ].map((objects) => table(objects).rows);
    for (const found of rows) expect(found).toEqual([['a', '0/1', '', '0', '<unknown>']]);
  });
  it('counts what a status does not say as none', () =>
    expect(
      table([
        pod('a', {
          status: {
            phase: 'Running',
            containerStatuses: [
              { name: 'c', ready: true, state: { running: {} }, lastState: { terminated: { finishedAt: '2026-01-01T00:00:00Z' } } },
            ],
          },
        }),
      ]).rows[0].slice(1, 4),
    ).toEqual(['1/1', 'Running', '0']));
  it('of several kinds there are several', () => {
    expect(() => table([pod('a'), service])).toThrow(
      'a table has objects of one kind, not of v1 Pod and v1 Service: tables() prints one for each',
    );
    expect(tables([pod('a'), service, pod('b')]).map(({ columns, rows }) => [columns[1], rows.map(([name]) => name)])).toEqual([
      ['READY', ['pod/a', 'pod/b']],
      ['TYPE', ['service/s']],
    ]);
    expect(tables(service)[0].rows[0][0]).toBe('s');
  });
  it.each(kinds.map((kind) => [kind.kind, kind] as const))('an empty %s has a row', (name, kind) =>
    expect(table([{ apiVersion: apiVersionOf(kind), kind: name, metadata: { name: 'x' } }], { wide: true }).rows[0].join(' ')).not.toMatch(
      /NaN|undefined|null/,
    ),
  );
});
