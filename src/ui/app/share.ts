/** A moment as a link: the compressed session behind '#s=', and the row of the trace that is shown. */
import type { Session } from '../../engine/session.ts';

async function pump(bytes: Uint8Array, through: GenericTransformStream): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(through as ReadableWritablePair<Uint8Array, Uint8Array>);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function linkOf(session: Session, row: number): Promise<string> {
  const bytes = await pump(new TextEncoder().encode(JSON.stringify(session)), new CompressionStream('deflate-raw'));
  const text = btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
  return `${location.origin}${location.pathname}${location.search}#s=${text}&r=${row}`;
}

/** The row that a link points at. */
export const rowFromLink = (hash: string): number | undefined => {
  const row = /&r=(\d{1,9})(&|$)/.exec(hash)?.[1];
  return row === undefined ? undefined : Number(row);
};

/** The most machines that '?workers=' asks a page for. Upstream: https://kubernetes.io/docs/setup/best-practices/cluster-large/. */
const MOST_WORKERS = 5000;

/** The cluster that an address asks for: '?workers=100'. Throws an Error that says what is wrong. */
export function topologyFromAddress(search: string): Session['topology'] {
  const workers = new URLSearchParams(search).get('workers');
  if (workers === null) return {};
  if (!/^\d{1,4}$/.test(workers) || Number(workers) > MOST_WORKERS)
    throw new Error(`?workers= is a whole number from 0 to ${MOST_WORKERS}, not ${JSON.stringify(workers.slice(0, 40))}`);
  return { workers: Number(workers) };
}

/** Undefined when there is no session in the link; rejects when there is one that cannot be read. */
export async function sessionFromLink(hash: string): Promise<Session | undefined> {
  const match = /^#s=([^&]+)/.exec(hash);
  if (!match) return undefined;
  const session = await unpacked(match[1]).catch((cause: unknown) => {
    throw new Error('it is damaged', { cause });
  });
  if (!Number.isFinite(session?.seed) || !Array.isArray(session?.commands)) throw new Error('it holds no session');
  return session as Session;
}

async function unpacked(text: string): Promise<Partial<Session> | null> {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  const bytes = await pump(
    Uint8Array.from(binary, (c) => c.charCodeAt(0)),
    new DecompressionStream('deflate-raw'),
  );
  return JSON.parse(new TextDecoder().decode(bytes)) as Partial<Session> | null;
}
