/** Programs that show what the kernel has: they ask it, and print what it says. */
import type { Namespace } from '../../network/namespace.ts';
import { ok, type Effect } from './effect.ts';
import { ip } from './ip.ts';
import { ifconfig, netstat, route, ss } from './netstat.ts';
import type { Errand } from './network-commands.ts';

const SHOWN = { ip, ifconfig, route, netstat, ss } satisfies Readonly<
  Record<string, (args: readonly string[], namespace: Namespace, isBusybox: boolean) => Effect>
>;
type Name = keyof typeof SHOWN;

const ask =
  (program: Name) =>
  (args: readonly string[], _shell: unknown, { hasBusybox }: { readonly hasBusybox: boolean }): Effect => ({
    errand: { program, name: '', path: '', method: '', isSilent: true, shows: { args, isBusybox: hasBusybox } },
  });

export const NAMESPACE_COMMANDS = { ip: ask('ip'), ifconfig: ask('ifconfig'), route: ask('route'), netstat: ask('netstat'), ss: ask('ss') };

/** What it prints. */
export function shownText(
  { program, shows }: Errand,
  namespace: Namespace,
): { readonly status: number; readonly out?: string; readonly err?: string } {
  const effect = SHOWN[program as Name](shows?.args ?? [], namespace, shows?.isBusybox === true);
  return 'status' in effect ? effect : ok();
}
