import { describe, expect, it } from 'vitest';
import { boot, command, createEngine, forkAt, settle, type Engine } from '../../src/engine/engine.ts';
import { look } from '../../src/engine/look.ts';

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: nginx}]}\n`;
const apply = (engine: Engine, name: string): void => {
  command(engine, { do: 'kubectl', args: ['apply', '-f', '-'], stdin: pod(name) });
  settle(engine, engine.world.now + 60_000_000);
};

describe('what is laid open', () => {
  it('is another future’s after going back, though its events have the same numbers', () => {
    const engine = createEngine();
    boot(engine);
    const { delivered } = engine.world;
    const row = engine.trace.length;
    const decided = (): string | undefined =>
      look(engine, { row: engine.trace.length, since: engine.trace.length, addresses: ['cp-1/kube-scheduler'] })[
        'cp-1/kube-scheduler'
      ]?.tables.find((t) => t.name === 'decision')?.columns[0];
    apply(engine, 'first');
    expect(decided()).toMatch(/^first,/);
    forkAt(engine, delivered, row);
    apply(engine, 'other');
    expect(decided()).toMatch(/^other,/);
  });
});
