/** What happened to a packet in a kernel, noted for people. */
import type { Context } from '../../kernel/component.ts';
import type { LinuxState } from './linux-state.ts';
import type { Packet } from './packet.ts';

export function say(state: LinuxState, ctx: Context, what: string, packet: Packet, more: Readonly<Record<string, unknown>> = {}): void {
  ctx.note({
    says: `packet/${what}`,
    about: `flows/${packet.flow}`,
    with: {
      flow: packet.flow,
      machine: state.config.machine,
      proto: packet.proto,
      kind: packet.kind,
      src: at(packet.src, packet.sport),
      dst: at(packet.dst, packet.dport),
      ...(packet.outer ? { outer: packet.outer } : {}),
      ...more,
    },
  });
}

export const at = (ip: string, port: number): string => `${ip}:${port}`;
