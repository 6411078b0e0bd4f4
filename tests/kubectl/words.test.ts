/** What kubectl says and does, line by line. Every text is what kubectl v1.32.4 said against the same API, but for "from … namespace", which delete says since v1.34. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';

const yaml = { config: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: colours, labels: {a: b}}\ndata: {sky: blue}\n', pod: (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: nginx:1.29}]}\n` };
/** A line, what it says on both streams, and what it reads. */
type Row = readonly [line: string, says: string, stdin?: string];
/** The rows are said one after the other to one cluster. */
function said(rows: readonly Row[]): readonly (readonly [string, string])[] {
  const cluster = openCluster();
  return rows.map(([line, , stdin]) => { const { stdout, stderr } = cluster.kubectl(line, stdin ?? ''); cluster.settle(); return [line, stdout + stderr] as const; });
}
const FORCE = 'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n';

const tables: Readonly<Record<string, readonly Row[]>> = {
  'delete': [
    ['create -f -', 'configmap/colours created\n', yaml.config],
    ['delete cm --all --dry-run=client', 'configmap "colours" deleted from default namespace (dry run)\nconfigmap "kube-root-ca.crt" deleted from default namespace (dry run)\n'],
    ['delete cm -l a=b --dry-run=client -o name', 'configmap/colours\n'],
    ['delete cm colours --dry-run', 'configmap "colours" deleted from default namespace (dry run)\n--dry-run is deprecated and can be replaced with --dry-run=client.\n'],
    ['delete cm colours --dry-run=sever', 'error: Invalid dry-run value (sever). Must be "none", "server", or "client".\n'],
    ['delete cm colours --cascade=bogus', 'error: invalid cascade value (bogus). Must be "background", "foreground", or "orphan"\n'],
    ['delete cm colours --force --grace-period=3', 'error: --force and --grace-period greater than 0 cannot be specified together\n'],
    ['delete cm colours --now --grace-period=3', 'error: --now and --grace-period cannot be specified together\n'],
    ['delete cm colours --cascade=false', 'configmap "colours" deleted from default namespace\nwarning: --cascade=false is deprecated (boolean value) and can be replaced with --cascade=orphan.\n'],
    ['create -f -', 'pod/big created\n', yaml.pod('big')],
    ['delete pod big --force', `pod "big" force deleted from default namespace\n${FORCE}`],
    ['delete -f -', 'Error from server (NotFound): error when deleting "STDIN": pods "big" not found\n', yaml.pod('big')],
  ],
  'apply --prune': [
    ['apply --prune -f -', 'error: all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector\n', yaml.config],
    ['apply --prune --all -l a=b -f -', 'error: cannot set --all and --selector at the same time\n', yaml.config],
  ],
};

describe.each(Object.entries(tables))('%s', (_name, rows) => {
  const all = said(rows);
  it.each(rows.map(([line, text], i) => [`${i + 1}: kubectl ${line}`, text, i] as const))('%s', (_line, text, i) => expect(all[i][1]).toBe(text));
});
