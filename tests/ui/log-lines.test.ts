import { expect, it } from 'vitest';
import { boot, command, createEngine, settle } from '../../src/engine/engine.ts';
import { sessionOf } from '../../src/engine/core.ts';
import { logAt } from '../../src/ui/terminal/log-lines.ts';

const engine = createEngine();
boot(engine);
const bootRows = engine.trace.length;
for (const line of ['get nodes', 'get nowhere', 'get pods']) command(engine, { do: 'kubectl', args: line.split(' '), stdin: '' });
settle(engine, engine.world.now + 10_000_000);
const events = Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
const at = (row: number): readonly string[] =>
  logAt({ events, session: sessionOf(engine), bootRows, row }).lines.map(({ kind, text }) => `${kind}: ${text.split('\n')[0]}`);
const rowAfter = (says: string): number => events.findIndex((e) => e.type === 'note' && e.fact.says === says) + 1;

it('what was typed is shown at once, and waits until it is answered', () => {
  expect(at(bootRows)).toEqual(['wait: $ kubectl get nodes', 'wait: $ kubectl get nowhere', 'wait: $ kubectl get pods']);
  expect(at(rowAfter('kubectl/started'))).toEqual(['wait: $ kubectl get nodes', 'wait: $ kubectl get nowhere', 'wait: $ kubectl get pods']);
  expect(at(events.length)).toEqual(
    expect.arrayContaining([
      'in: $ kubectl get nodes',
      expect.stringMatching(/^out: NAME/),
      'in: $ kubectl get nowhere',
      expect.stringMatching(/^err: error: /),
    ]),
  );
  expect(at(events.length), 'what is no failure is not told as one').toContain('note: No resources found in default namespace.');
  expect(at(events.length).some((line) => line.startsWith('wait'))).toBe(false);
});
