/** Sharing endpoints over slices: the quick way, by identity, gives what the plain way gives. */
import { describe, expect, it } from 'vitest';
import type { V1Endpoint, V1EndpointSlice } from '../../../src/api/schema/kubernetes.ts';
import { shareOut } from '../../../src/cluster/controllers/endpoints/slices.ts';
import { createRng } from '../../soak/dice.ts';

const endpoint = (n: number, ready: boolean): V1Endpoint => ({ addresses: [`10.0.${n >> 8}.${n & 255}`], conditions: { ready }, targetRef: { kind: 'Pod', uid: `pod-${n}` } });
const copy = <T>(value: T): T => structuredClone(value);
const text = (filled: ReturnType<typeof shareOut>): string => JSON.stringify(filled.map((f) => [f.slice?.metadata?.name, f.isChanged, f.endpoints]));

describe('shareOut', () => {
  it('finds the same shares whether endpoints are the very objects of the slices or equal copies', () => {
    const die = createRng(3);
    let slices: V1EndpointSlice[] = [];
    let pods: V1Endpoint[] = [];
    for (let round = 0; round < 60; round++) {
      pods = [...pods.filter(() => die.below(20) > 0).map((e) => (die.below(6) === 0 ? { ...e, conditions: { ready: !e.conditions?.ready } } : e)), ...Array.from({ length: die.below(40) }, (_, i) => endpoint(round * 50 + i, false))];
      const filled = shareOut(pods, slices);
      expect(text(shareOut(copy(pods), copy(slices)))).toBe(text(filled));
      expect(filled.flatMap((f) => f.endpoints.map((e) => e.targetRef?.uid)).sort()).toEqual(pods.map((e) => e.targetRef?.uid).sort());
      slices = filled.map((f, i) => (f.isChanged || !f.slice ? { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4', metadata: { name: f.slice?.metadata?.name ?? `s-${round}-${i}` }, endpoints: [...f.endpoints] } : f.slice));
    }
    expect(slices.length).toBeGreaterThan(2);
  });
});
