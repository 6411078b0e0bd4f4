/** Commands that make objects without a manifest: generators. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create/create.go, pkg/generate/versioned (v1.36). Simplified: nothing. */
import type { KubeObject } from '../api/object.ts';
import { applyPatch, PATCH_TYPES } from '../api/machinery/patch/apply-patch.ts';
import { isRecord } from '../api/machinery/patch/values.ts';
import { kindOf } from '../api/registry.ts';
import { asGoWrites } from '../api/schema/go-json.ts';
import { refusal, type Ask, type Command, type Env, type Output } from './command.ts';
import { requiredError } from './flag-values.ts';
import { nameOf, pathFor } from './resources.ts';
import { dryQuery, isClientDry, resultText } from './result.ts';

export type Made = KubeObject | { readonly error: string };
export const isError = (made: Made): made is { readonly error: string } => 'error' in made;

/** `said` of those that are made, the last one first. `refused`: what is said before the server's reason. */
interface State {
  readonly word: string;
  readonly queue: readonly KubeObject[];
  readonly said: readonly string[];
  readonly refused?: string;
}
interface How {
  readonly word?: string;
  readonly refused?: string;
}

export function postAsk(made: KubeObject, env: Env): Ask {
  const kind = kindOf(made.apiVersion, made.kind);
  return {
    tag: 'made',
    request: {
      method: 'POST',
      path: kind ? pathFor(kind, env.namespace) : '/',
      body: moved(made, env),
      query: { fieldManager: 'kubectl-create', fieldValidation: 'Strict', ...dryQuery(env) },
    },
  };
}

/** Sends what was made, one after the other, or shows it when --dry-run=client. The first is printed last, as run --expose does. */
export function submit(made: readonly Made[], env: Env, { word = 'created', refused }: How = {}): Output {
  const bad = made.find(isError);
  if (bad) return { err: bad.error, exit: 1 };
  const objects = made as readonly KubeObject[];
  if (isClientDry(env))
    return {
      out: objects
        .map((object) => printed(shown(object, env), env, word))
        .reverse()
        .join(parting(env)),
      exit: 0,
    };
  return {
    state: { word, queue: objects, said: [], ...(refused === undefined ? {} : { refused }) } satisfies State,
    ask: [postAsk(objects[0], env)],
  };
}

/** Upstream parts documents twice: the command does, and so does its printer. */
const parting = ({ argv }: Env): string => (argv.flags.get('output') === 'yaml' ? '---\n---\n' : '');

/** With the command's namespace. */
const moved = (object: KubeObject, { namespace }: Env): KubeObject =>
  kindOf(object.apiVersion, object.kind)?.namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
/** As it is printed without being sent: a namespace that is not asked for is left out. */
const shown = (object: KubeObject, env: Env): KubeObject =>
  asGoWrites(kindOf(object.apiVersion, object.kind)?.model ?? '', env.argv.flags.has('namespace') ? moved(object, env) : object);

const printed = (object: KubeObject, env: Env, word: string): string => resultText(env, { name: nameOf(object), word, object });

export const made: Command['update'] = (model, { response }, env) => {
  const state = model as State;
  if (!response) return {};
  if (response.code !== 201) return { out: state.said.join(parting(env)), err: refusal(response, state.refused), exit: 1 };
  const [, ...queue] = state.queue;
  const said = [printed(response.body as KubeObject, env, state.word), ...state.said];
  return queue.length === 0
    ? { out: said.join(parting(env)), exit: 0 }
    : { state: { ...state, queue, said } satisfies State, ask: [postAsk(queue[0], env)] };
};

/** Upstream: NameFromCommandArgs. */
export const nameError = ({ argv: { words } }: Env, command: string): string | undefined =>
  words.length === 1
    ? undefined
    : `error: exactly one NAME is required, got ${words.length}\nSee 'kubectl ${command} -h' for help and examples\n`;

export const generator = ({
  name,
  aliases = [],
  make,
  refused,
  required,
}: {
  /** A flag that is asked for before anything else. */
  readonly required?: string;
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly make: (env: Env, name: string) => Made;
  readonly refused?: string;
}): Command => ({
  name,
  aliases,
  update: made,
  init(env) {
    const wrong = (required === undefined ? undefined : requiredError(env.argv, required)) ?? nameError(env, name);
    if (wrong !== undefined) return { err: wrong, exit: 1 };
    return submit([make(env, env.argv.words[0])], env, refused === undefined ? {} : { refused });
  },
});

/** --labels=a=b,c=d */
export const labelsOf = ({ argv }: Env): Readonly<Record<string, string>> | undefined => pairsIn(argv.flags.get('labels'));
export const pairsIn = (text: string | undefined): Readonly<Record<string, string>> | undefined =>
  text === undefined ? undefined : Object.fromEntries(text.split(',').map((l) => l.split('=') as [string, string]));
/** What is wrong with ports and labels, whoever makes of them what. */
export function partsError({ argv: { flags, all } }: Env): string | undefined {
  const port = flags
    .get('port')
    ?.split(',')
    .find((text) => !/^[+-]?\d+$/.test(text));
  if (port !== undefined) return `error: strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax\n`;
  const label = [flags.get('labels'), flags.get('selector'), ...(all.get('annotations') ?? [])]
    .flatMap((text) => text?.split(',') ?? [])
    .find((text) => text.split('=').length !== 2);
  return label === undefined ? undefined : `error: unexpected label spec: ${label}\n`;
}
/** --overrides, merged over what was made. */
export function overridden<O extends Made>(object: O, { argv: { flags } }: Env): O | { readonly error: string } {
  const text = flags.get('overrides');
  if (text === undefined) return object;
  const type = flags.get('override-type') ?? 'merge';
  const contentType = (PATCH_TYPES as Readonly<Record<string, string>>)[type];
  if (contentType === undefined) return { error: `error: invalid override type: ${type}\n` };
  try {
    const patch: unknown = JSON.parse(text);
    if (type === 'merge' && !isRecord(patch)) return INVALID;
    const after = applyPatch({
      contentType,
      object,
      patch,
      model: kindOf((object as KubeObject).apiVersion, (object as KubeObject).kind)?.model ?? '',
    });
    return 'object' in after ? (after.object as O) : { error: `error: ${after.status.message}\n` };
  } catch {
    return INVALID;
  }
}
const INVALID = { error: 'error: Invalid JSON Patch\n' } as const;
/** A port's number or its name. */
export const numberOr = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);
