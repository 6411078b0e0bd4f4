/** What one file in this folder says about a family of images. Sizes are compressed bytes as the registries state them, rounded. */
import type { V1Container } from '../../../api/schema/kubernetes.ts';
import type { Behaviour } from '../program.ts';

export interface ImageFamily {
  readonly name: string;
  /** Repositories without a tag, normalised: 'docker.io/library/nginx'. */
  readonly repositories: readonly string[];
  readonly sizeBytes: number;
  /** Whether the registry has this tag. */
  readonly hasTag: (tag: string) => boolean;
  readonly behaviour: Behaviour;
  /** For images that are a part of Kubernetes: the role that the process plays, and its configuration from its flags. */
  readonly role?: { readonly role: string; readonly config: (container: V1Container, where: { readonly machine: string; readonly epochMs: number; readonly seed: number; readonly address: string; readonly ip: string; readonly namespace: string; readonly pod: string; readonly api: string; /** The file that --config names. */ readonly schedulerConfiguration?: object }) => unknown };
}

export const flagOf = (container: V1Container, name: string): string | undefined => [...(container.command ?? []), ...(container.args ?? [])].find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
/** Tags as most projects number them: 1, 1.29, 1.29.3, with suffixes, and a few words. */
export const isVersion = (tag: string): boolean => /^(latest|stable|mainline|edge|alpine|slim)$|^v?\d{1,4}(\.\d{1,4}){0,2}([-.][a-z0-9.]+)*$/.test(tag);
