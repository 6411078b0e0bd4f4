/** What happened to a packet in a kernel, noted for people. */
import type { Context } from '../../kernel/component.ts';
import type { LinuxState } from './linux-state.ts';
import type { Packet, Protocol } from './packet.ts';

export function say(state: LinuxState, ctx: Context, what: string, packet: Packet, more: Readonly<Record<string, unknown>> = {}): void {
  ctx.note({
    says: `packet/${what}`,
    about: `flows/${packet.flow}`,
    with: {
      flow: packet.flow,
      machine: state.config.machine,
      proto: packet.proto,
      kind: packet.kind,
      src: sourceOf(packet),
      dst: destinationOf(packet),
      ...(packet.outer ? { outer: packet.outer } : {}),
      ...more,
    },
  });
}

const at = (proto: Protocol, ip: string, port: number): string => (proto === 'icmp' ? ip : `${ip}:${port}`);
export const sourceOf = ({ proto, src, sport }: Packet): string => at(proto, src, sport);
export const destinationOf = ({ proto, dst, dport }: Packet): string => at(proto, dst, dport);
