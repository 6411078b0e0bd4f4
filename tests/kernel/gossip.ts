/** A small made-up protocol that uses everything the kernel has: calls, sends, timers, deadlines, spawns, exits and lots. */
import type { Component, Context } from '../../src/kernel/component.ts';
import type { Message } from '../../src/kernel/message.ts';
import { spawnActor } from '../../src/kernel/step.ts';
import { createWorld, NO_CAUSES, type World } from '../../src/kernel/world.ts';

interface PeerState {
  heard: number;
  answered: number;
  late: number;
  children: number;
  seen: Map<string, number>;
  disk: { lives: number };
}
interface PeerConfig {
  readonly peers: readonly string[];
  readonly mortal: boolean;
}

const peer: Component<PeerState, PeerConfig> = {
  role: 'peer',
  start(config, ctx, disk) {
    const lives = ((disk as { lives: number } | undefined)?.lives ?? 0) + 1;
    ctx.wake(1000 + ctx.draw(`first/${ctx.self}`).below(5000), { tick: 0, config });
    return { heard: 0, answered: 0, late: 0, children: 0, seen: new Map(), disk: { lives } };
  },
  handle(state, message, ctx) {
    if (message.kind === 'wake') return tick(state, message, ctx);
    if (message.kind === 'exited') {
      state.children--;
      return;
    }
    if (message.kind === 'bounced') {
      state.late++;
      return;
    }
    state.heard++;
    state.seen.set(message.from, message.sentAt);
    if (message.kind === 'call' && state.heard % 7 !== 0) ctx.reply({ pong: state.heard });
    if (state.heard % 50 === 0) ctx.commit(`peers/${ctx.self}`, state.heard, { heard: state.heard });
    if (state.heard % 90 === 0 && state.children < 3) {
      state.children++;
      ctx.spawn({ address: `${ctx.self}-${message.id}`, role: 'peer', config: { peers: [ctx.self], mortal: true }, afterUs: 500 });
    }
  },
  answered(state, answer) {
    if (answer.outcome === 'reply') state.answered++;
    else state.late++;
  },
  disk: (state) => state.disk,
};

function tick(state: PeerState, message: Message, ctx: Context): void {
  const { tick: n, config } = message.body as { tick: number; config: PeerConfig };
  if (config.mortal && n > 20) {
    ctx.exit(ctx.self, 'old');
    return;
  }
  const target = config.peers[ctx.draw(`target/${ctx.self}/${n}`).below(config.peers.length)];
  if (n % 3 === 0) ctx.send(target, { gossip: n });
  else ctx.call(target, { ping: n }, { n }, { deadlineUs: 20_000 });
  if (n % 10 === 0) ctx.note({ says: 'peer/ticked', about: ctx.self, with: { n, heard: state.heard } });
  ctx.wake(3000, { tick: n + 1, config }, n > 200);
}

export function gossipWorld(seed: number, size = 12): World {
  const world = createWorld(
    {
      components: new Map([['peer', peer as Component]]),
      delay: (from, to) => (from.host === to.host ? { baseUs: 50, jitterUs: 20 } : { baseUs: 400, jitterUs: 900 }),
    },
    seed,
  );
  const peers = Array.from({ length: size }, (_, i) => `host-${i % 4}/peer-${i}`);
  for (const address of peers)
    spawnActor(
      world,
      { address, role: 'peer', host: address.split('/')[0], config: { peers, mortal: false } },
      { parent: '', causes: NO_CAUSES, background: false, cause: 0 },
    );
  return world;
}
