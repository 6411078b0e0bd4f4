/** The columns most kinds share. Upstream: pkg/printers/internalversion/printers.go (v1.36). */
import type { Column } from '../kind.ts';
import type { KubeObject } from '../object.ts';
import type { V1PodTemplateSpec } from '../schema/kubernetes.ts';
import { humanDuration, parseTime } from './time.ts';

/** '<unknown>' also where the time now is not. */
export function age(instant: string | null | undefined, nowMs: number): string {
  const seconds = (nowMs - parseTime(instant ?? '')) / 1000;
  return Number.isNaN(seconds) ? '<unknown>' : humanDuration(seconds);
}
export const nameColumn: Column<KubeObject> = { name: 'Name', value: (o) => o.metadata?.name ?? '' };
export const ageColumn: Column<KubeObject> = { name: 'Age', value: (o, now) => age(o.metadata?.creationTimestamp, now) };

/** Of the scale subresource. Upstream: scaleColumnDefinitions. */
interface Scaled extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number };
}
export const scaleColumns: readonly Column<KubeObject>[] = [
  nameColumn,
  { name: 'Desired', isNumber: true, value: (o) => String((o as Scaled).spec?.replicas ?? 0) },
  { name: 'Available', isNumber: true, value: (o) => String((o as Scaled).status?.replicas ?? 0) },
  ageColumn,
];

export const containerColumns = <O extends { readonly spec?: { readonly template?: V1PodTemplateSpec } }>(): readonly Column<O>[] => [
  { name: 'Containers', wide: true, value: (o) => (o.spec?.template?.spec?.containers ?? []).map((c) => c.name).join(',') },
  { name: 'Images', wide: true, value: (o) => (o.spec?.template?.spec?.containers ?? []).map((c) => c.image ?? '').join(',') },
];
