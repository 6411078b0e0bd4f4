/** Flags whose values are words of a closed set. Upstream: pkg/cmd/util/helpers.go GetDryRunStrategy, pkg/cmd/delete/delete_flags.go parseCascadingFlag (v1.36). */
import { rfc3339Micro } from '../api/machinery/time.ts';
import type { Argv } from './argv.ts';
import { CLUSTER, CONTEXT, USER } from './kubeconfig.ts';
import { isDuration } from '../lib/go-duration.ts';
import { boolOf, DEPRECATED } from './flag-forms.ts';
import { FILES_AND_WORDS } from './resources.ts';

export type DryRun = 'none' | 'client' | 'server';

/** A bare --dry-run has the value 'unchanged'. Undefined: not a value that kubectl takes. */
export function dryRunOf({ flags }: Argv): DryRun | undefined {
  const text = flags.get('dry-run') ?? 'none';
  const bool = boolOf(text);
  if (text === 'unchanged' || bool === true) return 'client';
  return bool === false ? 'none' : text === 'none' || text === 'client' || text === 'server' ? text : undefined;
}

/** DeleteOptions' word. Undefined: not a value that kubectl takes. */
export function propagationOf({ flags }: Argv): 'Background' | 'Foreground' | 'Orphan' | undefined {
  const text = flags.get('cascade') ?? 'background';
  if (text === 'background' || boolOf(text) === true) return 'Background';
  return text === 'orphan' || boolOf(text) === false ? 'Orphan' : text === 'foreground' ? 'Foreground' : undefined;
}

/** The server's fieldValidation. Undefined: not a value that kubectl takes. */
export function validationOf({ flags }: Argv): 'Strict' | 'Warn' | 'Ignore' | undefined {
  const text = flags.get('validate') ?? 'strict';
  if (text === 'strict' || text === 'true') return 'Strict';
  return text === 'warn' ? 'Warn' : text === 'ignore' || text === 'false' ? 'Ignore' : undefined;
}

/** Flags that a command cannot do without. Upstream: github.com/spf13/cobra ValidateRequiredFlags. */
export function requiredError({ flags }: Argv, ...names: readonly string[]): string | undefined {
  const missing = names.filter((name) => !flags.has(name));
  return missing.length === 0 ? undefined : `error: required flag(s) ${missing.map((name) => JSON.stringify(name)).join(', ')} not set\n`;
}

/** There is one kubeconfig. Upstream: client-go tools/clientcmd. */
function kubeconfigError({ flags }: Argv, own: readonly string[]): string | undefined {
  const [file, context] = [flags.get('kubeconfig') ?? '', flags.get('context') ?? CONTEXT];
  const named = (flag: string, is: string): string => (own.includes(flag) ? is : (flags.get(flag) ?? is));
  const [cluster, user] = [named('cluster', CLUSTER), named('user', USER)];
  if (file !== '') return `error: stat ${file}: no such file or directory\n`;
  if (user !== USER && context === CONTEXT && cluster === CLUSTER) return `error: auth info ${JSON.stringify(user)} does not exist\n`;
  if (cluster !== CLUSTER && context === CONTEXT) return `error: no server found for cluster ${JSON.stringify(cluster)}\n`;
  if (flags.has('as-group') && !flags.has('as')) return 'error: requesting uid, groups or user-extra for without impersonating a user\n';
  return context === CONTEXT ? undefined : `Error in configuration: context was not found for specified context: ${context}\n`;
}

/** Upstream: client-go tools/clientcmd/helpers.go ParseTimeout. */
function patienceError({ flags }: Argv): string | undefined {
  const text = flags.get('request-timeout') ?? '0';
  return /^\+?\d+$/.test(text) || isDuration(text)
    ? undefined
    : 'error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)\n';
}

/** There is no directory to build from. Upstream: cli-runtime pkg/resource/builder.go FilenameOptions.RequireFilenameOrKustomize, sigs.k8s.io/kustomize/api. */
function kustomizeError({ flags, words }: Argv): string | undefined {
  const directory = flags.get('kustomize');
  if (directory === undefined) return undefined;
  if (flags.has('filename')) return 'error: only one of -f or -k can be specified\n';
  if (words.length > 0) return FILES_AND_WORDS;
  if (directory.startsWith('/'))
    return `error: must build at directory: not a valid directory: evalsymlink failure on '${directory}' : lstat ${directory}: no such file or directory\n`;
  return `error: unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${directory}'\n`;
}

export const deprecatedText = ({ deprecated }: Argv): string =>
  deprecated.map((flag) => `Flag --${flag} has been deprecated, ${DEPRECATED[flag]}\n`).join('');

/** 'W0504 09:00:25.666102       1 helpers.go:719]': what stands before a logged warning. Upstream: k8s.io/klog/v2. */
export function klog(nowMs: number, at: string): string {
  const [, month, day, time] = /-(\d\d)-(\d\d)T(.*)Z/.exec(rfc3339Micro(nowMs, 0)) ?? [];
  return `W${month}${day} ${time}       1 ${at}]`;
}

/** What is wrong with the values, else what is said of old spellings, each a text of its own line. */
export function checkValues(
  argv: Argv,
  { nowMs, own }: { readonly nowMs: number; /** Flags of the command itself. */ readonly own: readonly string[] },
): { readonly error?: string; readonly said: string } {
  const [dry, cascade] = [argv.flags.get('dry-run'), argv.flags.get('cascade')];
  const [dryRun, propagation] = [dryRunOf(argv), propagationOf(argv)];
  if (dryRun === undefined) return { error: `error: Invalid dry-run value (${dry}). Must be "none", "server", or "client".\n`, said: '' };
  if (propagation === undefined)
    return { error: `error: invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"\n`, said: '' };
  if (validationOf(argv) === undefined)
    return {
      error: `error: invalid - validate option ${JSON.stringify(argv.flags.get('validate'))}; must be one of: strict (or true), warn, ignore (or false)\n`,
      said: '',
    };
  const lost = kubeconfigError(argv, own) ?? patienceError(argv) ?? kustomizeError(argv);
  if (lost !== undefined) return { error: lost, said: '' };
  const logged = (line: number): string => `${klog(nowMs, `helpers.go:${line}`)} `;
  const old = (flag: string, now: string): string =>
    `${flag} is deprecated (boolean value) and can be replaced with ${flag.split('=')[0]}=${now}.\n`;
  const dryText =
    dry === 'unchanged'
      ? `${logged(719)}--dry-run is deprecated and can be replaced with --dry-run=client.\n`
      : dry !== undefined && boolOf(dry) !== undefined
        ? logged(boolOf(dry) ? 733 : 736) + old(`--dry-run=${dry}`, dryRun)
        : '';
  return {
    said:
      deprecatedText(argv) +
      dryText +
      (cascade !== undefined && boolOf(cascade) !== undefined ? `warning: ${old(`--cascade=${cascade}`, propagation.toLowerCase())}` : ''),
  };
}
