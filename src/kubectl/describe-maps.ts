/** Labels and annotations as kubectl describe writes them, cells parted by tabs. Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go printLabelsMultiline, printAnnotationsMultiline (v1.36). */
import { LAST_APPLIED } from '../api/machinery/patch/apply.ts';
import type { KubeObject } from '../api/object.ts';
import { bytesIn, bytesOf, textOf } from '../lib/utf8.ts';

export const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** `space`: before every line but the first. */
export function multiline(title: string, map: Readonly<Record<string, string>> | undefined, space = ''): string {
  const entries = Object.entries(map ?? {}).sort(byKey);
  return `${title}:\t${entries.length === 0 ? `${space}<none>\n` : entries.map(([k, v]) => `${space}${k}=${v}\n`).join(`${space}${space}\t`)}`;
}
export function annotations(title: string, map: Readonly<Record<string, string>> | undefined, space = ''): string {
  const entries = Object.entries(map ?? {})
    .filter(([k]) => k !== LAST_APPLIED)
    .sort(byKey);
  return `${title}:\t${entries.length === 0 ? `${space}<none>\n` : entries.map(([k, v]) => space + annotation(k, v.replace(/\n$/, ''), space)).join(`${space}\t`)}`;
}

/** Of a text of more bytes than that, the first ones; half a character cannot be read. */
export function cut(text: string, most: number): string {
  if (bytesIn(text) <= most) return text;
  const bytes = bytesOf(text);
  let end = most;
  while ((bytes[end] & 0xc0) === 0x80) end--;
  return `${textOf(bytes.slice(0, end))}${end < most ? '\ufffd' : ''}...`;
}

/** Long ones get lines of their own, cut. Upstream: maxAnnotationLen. */
const MOST = 140;
function annotation(key: string, value: string, space: string): string {
  if (bytesIn(value) + bytesIn(key) + 2 <= MOST && !value.includes('\n')) return `${key}: ${value}\n`;
  return `${key}:\n${value
    .split('\n')
    .map((text) => `${space}\t  ${cut(text, MOST - 2)}\n`)
    .join('')}`;
}

export const head = ({ metadata }: KubeObject): string =>
  `Name:\t${metadata?.name}\n${metadata?.namespace ? `Namespace:\t${metadata.namespace}\n` : ''}${multiline('Labels', metadata?.labels)}${annotations('Annotations', metadata?.annotations)}`;
