/** Programs that show what the kernel has: they ask it, and print what it says. */
import type { Namespace } from '../../network/namespace.ts';
import { no, ok, type Effect } from './effect.ts';
import { ip } from './ip.ts';
import { ifconfig, netstat, route, ss } from './netstat.ts';
import type { Errand } from './network-commands.ts';

/** iptables-save [-t TABLE]. Source: iptables-save(8). Simplified: without -c. */
function iptablesSave(args: readonly string[], { tables }: Namespace): Effect {
  const wanted = args
    .map((a, i) => /^--table=(.*)$/.exec(a)?.[1] ?? (/^(-t|--table)$/.test(args[i - 1] ?? '') ? a : undefined))
    .find((t) => t !== undefined);
  if (wanted !== undefined && !['mangle', 'filter', 'nat'].includes(wanted))
    return no(`iptables-save v1.8.11 (nf_tables): table '${wanted}' does not exist`);
  return ok(
    Object.entries(tables ?? {})
      .flatMap(([table, text]) => (wanted === undefined || wanted === table ? [text] : []))
      .join(''),
  );
}

const SHOWN = { ip, ifconfig, route, netstat, ss, 'iptables-save': iptablesSave } satisfies Readonly<
  Record<string, (args: readonly string[], namespace: Namespace, isBusybox: boolean) => Effect>
>;
type Name = keyof typeof SHOWN;

/** What the kernel is asked for. */
export const askKernel =
  (program: Name) =>
  (args: readonly string[], _shell: unknown, { hasBusybox }: { readonly hasBusybox: boolean }): Effect => ({
    errand: { program, name: '', path: '', method: '', isSilent: true, shows: { args, isBusybox: hasBusybox } },
  });

export const NAMESPACE_COMMANDS = {
  ip: askKernel('ip'),
  ifconfig: askKernel('ifconfig'),
  route: askKernel('route'),
  netstat: askKernel('netstat'),
  ss: askKernel('ss'),
};

/** What it prints. */
export function shownText(
  { program, shows }: Errand,
  namespace: Namespace,
): { readonly status: number; readonly out?: string; readonly err?: string } {
  const effect = SHOWN[program as Name](shows?.args ?? [], namespace, shows?.isBusybox === true);
  return 'status' in effect ? effect : ok();
}
