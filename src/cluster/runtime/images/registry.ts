/** Names of images, and the known families of them. */
import { late } from '../../late.ts';
import type { ImageFamily } from './image.ts';
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
