/** Known image families, and what is assumed of every other image. */
import { fnv1a32 } from '../../../lib/hash.ts';
import { late } from '../../late.ts';
import { isPlainlyMissing, type ImageFamily } from './image.ts';
import systemImages from './system-images.ts';

/** A cluster boots from its own images; the others come with the first command. */
const own: readonly ImageFamily[] = systemImages;

export interface Reference {
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
  readonly canonical: string;
}

/** 'nginx:1.29' → docker.io/library/nginx, tag 1.29. Upstream: distribution/reference. */
export function parseReference(image: string): Reference {
  const [named, digest] = image.split('@');
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const path = hasTag ? named.slice(0, colon) : named;
  const tag = digest ?? (hasTag ? named.slice(colon + 1) : 'latest');
  const first = path.split('/')[0];
  const hasHost = path.includes('/') && (first.includes('.') || first.includes(':') || first === 'localhost');
  const host = hasHost ? first : 'docker.io';
  const rest = hasHost ? path.slice(first.length + 1) : path;
  const repository = `${host}/${host === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest}`;
  return { host, repository, tag, canonical: `${repository}${digest ? '@' : ':'}${tag}` };
}

/** Whether a registry could know an image of this name: lower case, dots and dashes. */
export const isWellFormed = (image: string): boolean =>
  /^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(parseReference(image).repository);

export function familyOf({ repository }: Reference): ImageFamily | undefined {
  const isIt = ({ repositories }: ImageFamily): boolean => repositories.includes(repository);
  return own.find(isIt) ?? late().imageFamilies.find(isIt);
}

/**
 * What the registry says: the size, or why not. An image nobody knows exists, unless its tag plainly does not.
 * Upstream: containerd 2.2 internal/cri/server/images/image_pull.go pullImageWithTransferService, core/transfer/local/pull.go; a code that says nothing is left out
 * (cri-client pkg/remote_image.go PullImage).
 */
export function lookUp(image: string): { readonly sizeBytes: number; readonly reference: Reference } | { readonly error: string } {
  const reference = parseReference(image);
  const family = familyOf(reference);
  const exists = reference.tag.startsWith('sha256:') || (family ? family.hasTag(reference.tag) : !isPlainlyMissing(reference.tag));
  if (!isWellFormed(image)) return { error: `failed to parse image name "${image}": invalid reference format` };
  const { canonical, host, repository, tag } = reference;
  const why = (code: string, said: string): { readonly error: string } => ({
    error: `${code}failed to pull and unpack image "${canonical}": failed to resolve image: ${said}`,
  });
  if (/(^|\.)invalid\.|\.(invalid|test|example)$/.test(host))
    return why(
      '',
      `failed to do request: Head "https://${host}/v2${repository.slice(host.length)}/manifests/${tag}": dial tcp: lookup ${host}: no such host`,
    );
  if (!exists) return why('rpc error: code = NotFound desc = ', `${canonical}: not found`);
  return { reference, sizeBytes: family?.sizeBytes ?? 20_000_000 + (fnv1a32(reference.repository) % 80_000_000) };
}
