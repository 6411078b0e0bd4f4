/** The objects of -f, each where it goes. Upstream: cli-runtime pkg/resource (visitor.go SetNamespace, RequireNamespace; v1.36). */
import { parseManifest, type Manifest } from '../api/manifest/parse.ts';
import type { Kind } from '../api/kind.ts';
import type { KubeObject } from '../api/object.ts';
import { kindOf } from '../api/registry.ts';
import type { Env } from './command.ts';
import { brokenError, undecodable, unknownKinds } from './manifest-errors.ts';
import { matchesLabels, parseSelector } from '../api/machinery/labels.ts';
import { placed } from './resources.ts';

/** `object`: with its namespace. */
export interface Sent {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** An object of another namespace than -n names is left out; `err` says so. */
export function sentIn(
  env: Env,
  { objects }: Pick<Manifest, 'objects'> = parseManifest(env.stdin),
): { readonly sent: readonly Sent[]; readonly err: string } {
  const all = objects.flatMap(({ object }): readonly Sent[] => {
    const kind = kindOf(object.apiVersion, object.kind);
    return kind ? [{ kind, object: placed(object, env) }] : [];
  });
  const selector = env.argv.flags.get('selector');
  const wanted = selector === undefined ? [] : parseSelector(selector);
  const chosen = all.filter(({ object }) => matchesLabels(wanted, object.metadata?.labels ?? {}));
  const isOther = ({ kind, object }: Sent): boolean =>
    env.argv.flags.has('namespace') && kind.namespaced && object.metadata?.namespace !== env.namespace;
  const err = chosen
    .filter(isOther)
    .map(
      ({ object }) =>
        `error: the namespace from the provided object ${JSON.stringify(object.metadata?.namespace)} does not match the namespace ${JSON.stringify(env.namespace)}. You must pass '--namespace=${object.metadata?.namespace}' to perform this operation.\n`,
    );
  return { sent: chosen.filter((sent) => !isOther(sent)), err: err.join('') };
}

export const NO_FILE = 'error: must specify one of -f and -k\n';
/** No file is named, or there is none of that name. */
export function missingFile({ stdin, argv: { flags } }: Env): string | undefined {
  const file = flags.get('filename');
  if (file === undefined) return NO_FILE;
  if (stdin.trim() === '' && /^https?:\/\//.test(file))
    return `error: unable to read URL ${JSON.stringify(file)}, there is no internet here: give the manifest itself, and -f -\n`;
  return stdin.trim() === '' && file !== '-' ? `error: the path ${JSON.stringify(file)} does not exist\n` : undefined;
}

/** What else is in the text, for commands that go on with what they can read, and say so at their end. */
export function unreadError(env: Env): string | undefined {
  const missing = missingFile(env);
  if (missing !== undefined) return missing;
  const { stdin } = env;
  const manifest = parseManifest(stdin);
  const broken = brokenError(stdin, manifest);
  return (
    unknownKinds(stdin, manifest) ??
    (broken?.startsWith('error: error validating') ? undecodable(stdin) : undefined) ??
    broken ??
    undecodable(stdin)
  );
}
