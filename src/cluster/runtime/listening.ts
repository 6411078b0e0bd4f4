/** Where a process answers: on its own ports, or on those of the programs that its script has started. Source: listen(2), bind(2). */
import type { Context } from '../../kernel/component.ts';
import type { Listen } from '../network/packet.ts';
import { log, type ProcessConfig, type ProcessState } from './process-state.ts';
import type { Thread } from './shell/script.ts';
import type { Serving } from './shell/servers.ts';

type Port = Listen['ports'][number];

const portsOf = ({ ports, udpPorts }: ProcessConfig): readonly Port[] => [
  ...ports.map((port) => ({ proto: 'tcp' as const, port })),
  ...udpPorts.map((port) => ({ proto: 'udp' as const, port })),
];
const tell = ({ ip, pod, namespace }: ProcessConfig, ports: readonly Port[], closes: readonly Port[], ctx: Context): void => {
  if (ports.length + closes.length > 0)
    ctx.send(`${ctx.host}/linux`, { protocol: 'listen', ns: ip, ports, closes, name: `${namespace}/${pod}` } satisfies Listen);
};

/** A program that is no script listens as it starts. */
export const listen = (config: ProcessConfig, ctx: Context): void => tell(config, portsOf(config), [], ctx);

const servings = ({ main }: ProcessState): readonly (readonly [Thread, Serving])[] =>
  [...(main?.threads.values() ?? [])].flatMap((thread) =>
    thread.rest && 'serves' in thread.rest && thread.rest.serves ? [[thread, thread.rest.serves] as const] : [],
  );
const isAmong = (ports: readonly Port[], { proto, port }: Port): boolean => ports.some((p) => p.proto === proto && p.port === port);

/** Opens the ports of programs that have begun to serve, and closes those of the ones that are over. An image's own program says that it is there. */
export function keepPorts(state: ProcessState, ctx: Context): void {
  const { config, opened } = state;
  const wanted = servings(state).flatMap(([, { ports }]) => ports?.map((port) => ({ proto: 'tcp' as const, port })) ?? portsOf(config));
  const [fresh, gone] = [wanted.filter((p) => !isAmong(opened, p)), opened.filter((p) => !isAmong(wanted, p))];
  if (fresh.length + gone.length === 0) return;
  state.opened = wanted;
  tell(config, fresh, gone, ctx);
  if (opened.length === 0 && servings(state).some(([, { ports }]) => ports === undefined))
    for (const line of config.behaviour.startup ?? []) if (!line.startsWith('/docker-entrypoint')) log(state, line, ctx);
}

/** Who answers at this port, of a script; undefined: nobody does. */
export const servingAt = (state: ProcessState, port: number): readonly [Thread, Serving] | undefined =>
  servings(state).find(([, { ports }]) => (ports ?? state.config.ports).includes(port));
