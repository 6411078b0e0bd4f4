/** `kubectl exec POD -- curl URL` and `… -- nslookup NAME`, as commands of the session; undefined for anything else. Simplified: curl and nslookup are in every image. */
import type { Command } from '../../engine/session.ts';

export function execCommand(words: readonly string[]): Command | undefined {
  if (words[0] !== 'exec') return undefined;
  const split = words.indexOf('--');
  if (split < 0) return undefined;
  let namespace = 'default';
  let pod = '';
  for (let i = 1; i < split; i++) {
    if (words[i] === '-n' || words[i] === '--namespace') namespace = words[++i] ?? '';
    else if (words[i] === '-c') i++;
    else if (!words[i].startsWith('-')) pod = words[i].replace(/^pods?\//, '');
  }
  const [program, ...args] = words.slice(split + 1);
  const target = args.filter((a) => !a.startsWith('-')).at(-1);
  if (target === undefined || pod === '') return undefined;
  const from = `${namespace}/${pod}`;
  if (program === 'curl' || program === 'wget') return { do: 'connect', connect: { from, to: target } };
  if (program === 'nslookup' || program === 'dig') return { do: 'lookup', lookup: { from, name: target } };
  return undefined;
}
