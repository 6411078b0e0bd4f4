/**
 * What a registry says of an image: its size, or why not. One nobody knows exists, unless its tag plainly does not.
 * Upstream: containerd 2.2 internal/cri/server/images/image_pull.go pullImageWithTransferService, core/transfer/local/pull.go; a code that says nothing is left out
 * (cri-client pkg/remote_image.go PullImage).
 */
import { fnv1a32 } from '../../../lib/hash.ts';
import { isPlainlyMissing } from './image.ts';
import { familyOf, isWellFormed, parseReference, type Reference } from './registry.ts';

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
