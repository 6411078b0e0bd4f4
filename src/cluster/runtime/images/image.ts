/** What one file in this folder says about a family of images. Sizes are compressed bytes as the registries state them, rounded. */
import type { V1Container } from '../../../api/schema/kubernetes.ts';
import type { Behaviour } from '../executable.ts';

export interface ImageFamily {
  readonly name: string;
  /** Repositories without a tag, normalised: 'docker.io/library/nginx'. */
  readonly repositories: readonly string[];
  readonly sizeBytes: number;
  /** Whether the registry has this tag. */
  readonly hasTag: (tag: string) => boolean;
  readonly behaviour: Behaviour;
  /** What its entry point does when it is given these arguments. */
  readonly told?: (args: readonly string[]) => Behaviour;
  /** For images that are a part of Kubernetes, in the machine's own network or from a system's namespace: the role that the process plays, and its configuration from its flags. */
  readonly role?: {
    readonly role: string;
    readonly config: (
      container: V1Container,
      where: {
        readonly machine: string;
        readonly epochMs: number;
        readonly seed: number;
        readonly address: string;
        readonly ip: string;
        readonly namespace: string;
        readonly pod: string;
        readonly api: string;
        /** The file that --config names. */
        readonly schedulerConfiguration?: object;
      },
    ) => unknown;
  };
}

export const flagOf = (container: V1Container, name: string): string | undefined =>
  [...(container.command ?? []), ...(container.args ?? [])].find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
/** Tags as most projects number them: 1, 1.29, 1.29.3, with suffixes, and a few words. */
export const isVersion = (tag: string): boolean =>
  /^(latest|e2e|stable|mainline|edge|lts|alpine|slim|glibc|musl|uclibc|rolling|wheezy|jessie|stretch|bookworm|bullseye|buster|trixie|sid|trusty|xenial|bionic|focal|jammy|noble)(\d[\d.]*)?([-.][a-z0-9.]+)*$|^v?\d{1,4}(\.\d{1,4}){0,2}([-.][a-z0-9.]+)*$/.test(
    tag,
  );

/** Words in a tag that say that nobody pushed it: what people type to see a pull fail. */
const NOBODY = /(^|[-._])(nope|does-?not-?exist|nonexist(ent|ing)?|not-?found|missing|wrong|typo|bad|invalid|broken|fake|bogus)/i;

/** Whether a project whose newest release is `newest` ('1.31': major.minor) has pushed this tag: nginx has 1.16.1, and not 1.161. */
export function isReleased(tag: string, newest: string | undefined): boolean {
  if (!isVersion(tag) || NOBODY.test(tag)) return false;
  const [major, minor = 0] = (/^v?(\d+)(?:\.(\d+))?/.exec(tag) ?? []).slice(1).map((n) => Number(n ?? 0));
  if (newest === undefined || major === undefined) return true;
  const [lastMajor, lastMinor = 0] = newest.split('.').map(Number);
  return major < lastMajor ? minor < 100 : major === lastMajor && minor <= lastMinor;
}
export const isPlainlyMissing = (tag: string): boolean => NOBODY.test(tag);
