/** kubectl apply view-last-applied and set-last-applied. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply_{view,set}_last_applied.go (v1.36). Simplified: all are read before any is printed or changed, one after the other. */
import { toYaml } from '../../api/manifest/print.ts';
import { goJson } from '../../api/machinery/go-json.ts';
import { LAST_APPLIED } from '../../api/machinery/patch/apply.ts';
import type { Command, Env } from '../command.ts';
import { sentIn } from '../files.ts';
import { MERGE, patching } from '../patching.ts';
import { NO_TARGET } from '../resources.ts';

function shown(text: string, env: Env): string {
  const config: unknown = JSON.parse(text);
  return env.argv.flags.get('output') === 'json' ? `${JSON.stringify(config, null, 2)}\n` : toYaml(config);
}

const view = patching({
  name: 'apply view-last-applied',
  readsFirst: true,
  words({ argv: { flags, words } }) {
    const output = flags.get('output') ?? 'yaml';
    return output === 'yaml' || output === 'json'
      ? words
      : {
          error: `error: Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json\nSee 'kubectl apply view-last-applied -h' for help and examples\n`,
        };
  },
  patchOf(env, current) {
    const text = current.metadata?.annotations?.[LAST_APPLIED];
    return { word: '', ...(text === undefined ? {} : { note: shown(text, env) }) };
  },
});

const set = patching({
  name: 'apply set-last-applied',
  readsFirst: true,
  words: ({ argv }) => (argv.flags.has('filename') ? [] : { error: NO_TARGET }),
  patchOf(env, current, { name, kind }) {
    const text = current.metadata?.annotations?.[LAST_APPLIED];
    if (text === undefined && !env.argv.flags.has('create-annotation'))
      return {
        error: `error: no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation\n`,
      };
    const sent = sentIn(env).sent.find((s) => s.kind === kind && s.object.metadata?.name === name)?.object;
    const wanted = `${goJson(sent)}\n`;
    return wanted === text
      ? { word: '', note: `set-last-applied ${name}: no changes required.\n` }
      : { body: { metadata: { annotations: { [LAST_APPLIED]: wanted } } }, contentType: MERGE, word: 'configured' };
  },
});

export default [view, set] satisfies readonly Command[];
