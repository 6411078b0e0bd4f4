/** kubectl taint. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/taint (v1.36). */
import { labelKeyErrors, labelValueErrors } from '../../api/machinery/names.ts';
import { kindNamed } from '../../api/registry.ts';
import type { V1Node, V1Taint } from '../../api/schema/kubernetes.ts';
import type { Command } from '../command.ts';
import { MERGE, patching, type Patch } from '../patching.ts';
import { noSuchType } from '../resources.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const sameTaint = (a: V1Taint, b: { readonly key: string; readonly effect?: string }): boolean =>
  a.key === b.key && (b.effect === undefined || a.effect === b.effect);
/** 'key=value:Effect', 'key:Effect-', 'key-'. */
const taintOf = (
  word: string,
): { readonly key: string; readonly value?: string; readonly effect?: string; readonly removes: boolean } | undefined => {
  const match = /^([^=:]+)(?:=([^:]*))?(?::([A-Za-z]+))?(-)?$/.exec(word);
  return match
    ? {
        key: match[1].replace(/-$/, ''),
        ...(match[2] === undefined ? {} : { value: match[2] }),
        ...(match[3] === undefined ? {} : { effect: match[3] }),
        removes: match[4] === '-' || (match[3] === undefined && match[1].endsWith('-')),
      }
    : undefined;
};

/** Upstream: pkg/cmd/taint/utils.go parseTaint, parseTaints. */
function specError(word: string): string | undefined {
  if (word.endsWith('-')) return undefined;
  const [pair, effect, ...more] = word.split(':');
  if (more.length > 0) return `invalid taint spec: ${word}`;
  if (effect !== undefined && !EFFECTS.includes(effect)) return undefined;
  const [key, value, ...rest] = effect === undefined ? [pair] : pair.split('=');
  if (rest.length > 0) return `invalid taint spec: ${word}`;
  const errors = [...(value === undefined ? [] : labelValueErrors(value)), ...labelKeyErrors(key)];
  return errors.length > 0 ? `invalid taint spec: ${word}, ${errors.join('; ')}` : undefined;
}
function duplicateError(
  taints: readonly { readonly key: string; readonly value?: string; readonly effect?: string }[],
): string | undefined {
  const twice = taints.find((t, i) => taints.findIndex((o) => o.key === t.key && o.effect === t.effect) < i);
  return twice && `duplicated taints with the same key and effect: {${twice.key} ${twice.value ?? ''} ${twice.effect} <nil>}`;
}

const isTaint = (word: string): boolean => word.includes(':') || word.includes('=') || word.endsWith('-');

export default [
  patching({
    name: 'taint',
    isMute: true,
    words(env) {
      const [kind, ...words] = env.argv.words;
      if (kind === undefined) return { error: 'error: one or more resources must be specified as <resource> <name>\n' };
      if (kind.includes('/')) return { error: `${noSuchType(kind)}\n` };
      if (kindNamed(kind)?.kind !== 'Node') return { error: `error: invalid resource type ${kind}, only node types are supported\n` };
      if (!words.some(isTaint)) return { error: 'error: at least one taint update is required\n' };
      return env.argv.flags.has('all') ? [kind] : [kind, ...words.filter((w) => !isTaint(w))];
    },
    patchOf(env, current, { name }) {
      const asked = env.argv.words
        .slice(1)
        .filter(isTaint)
        .map((w) => ({ w, t: taintOf(w) }));
      const wrong = asked.find(({ t }) => !t || (!t.removes && !EFFECTS.includes(t.effect ?? '')));
      const bad =
        asked.map(({ w }) => specError(w)).find((error) => error !== undefined) ??
        duplicateError(asked.flatMap(({ t }) => (t && !t.removes ? [t] : [])));
      const removals = asked.flatMap(({ t }) => (t?.removes ? [t] : []));
      const both = asked.find(({ t }) => t && !t.removes && removals.some((r) => r.key === t.key && r.effect === t.effect))?.t;
      if (both)
        return { error: `error: can not both modify and remove the following taint(s) in the same command: ${both.key}=${both.effect}\n` };
      if (bad !== undefined) return { error: `error: ${bad}\nSee 'kubectl taint -h' for help and examples\n` };
      if (wrong)
        return {
          error: `error: ${wrong.t?.effect === undefined ? `unknown taint spec: ${wrong.w}` : `invalid taint effect: ${wrong.t.effect}, unsupported taint effect`}\nSee 'kubectl taint -h' for help and examples\n`,
        };
      let taints = [...((current as V1Node).spec?.taints ?? [])];
      const [added, removed]: [V1Taint[], string[]] = [[], []];
      for (const { w, t } of asked) {
        if (!t) continue;
        const had = taints.filter((old) => sameTaint(old, t));
        if (t.removes && had.length === 0)
          return { error: `error: taint ${JSON.stringify(w.replace(/-$/, '').replace(/=[^:]*/, ''))} not found\n` };
        if (!t.removes && had.length > 0 && !env.argv.flags.has('overwrite'))
          return { error: `error: node ${name} already has ${t.key} taint(s) with same effect(s) and --overwrite is false\n` };
        taints = taints.filter((old) => !sameTaint(old, t));
        if (t.removes) removed.push(t.key);
        else added.push({ key: t.key, ...(t.value ? { value: t.value } : {}), effect: t.effect ?? '' });
      }
      const all = [...added, ...taints];
      return {
        body: { spec: { taints: all.length > 0 ? all : null } },
        contentType: MERGE,
        word:
          env.argv.flags.has('overwrite') || (added.length > 0 && removed.length > 0)
            ? 'modified'
            : removed.length > 0
              ? 'untainted'
              : 'tainted',
      } satisfies Patch;
    },
  }),
] satisfies readonly Command[];
