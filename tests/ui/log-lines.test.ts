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

it('one that goes on says what it prints, and waits for nobody, until Ctrl-C', () => {
  const laptop = createEngine();
  boot(laptop);
  const from = laptop.trace.length;
  const name = 'coredns';
  const run = (what: Parameters<typeof command>[1]): number => {
    const n = command(laptop, what);
    settle(laptop, laptop.world.now + 10_000_000);
    return n;
  };
  const log = () => {
    const rows = Array.from({ length: laptop.trace.length }, (_, i) => laptop.trace.event(i));
    const { lines, ended, given } = logAt({ events: rows, session: sessionOf(laptop), bootRows: from, row: rows.length });
    return { lines: lines.map(({ kind, text }) => `${kind}: ${text.trim().split('\n')[0]}`), isFree: ended === given };
  };
  const n = run({ do: 'kubectl', args: ['port-forward', `deploy/${name}`, '8080:8080', '-n', 'kube-system'], stdin: '' });
  const begun = ['in: $ kubectl port-forward deploy/coredns 8080:8080 -n kube-system', 'out: Forwarding from 127.0.0.1:8080 -> 8080'];
  expect(log()).toEqual({ lines: begun, isFree: true });
  run({ do: 'connect', connect: { from: 'laptop', to: 'localhost:8080/health' } });
  const asked = ['out: Handling connection for 8080', 'in: laptop$ curl localhost:8080/health', 'out: OK'];
  expect(log()).toEqual({ lines: [...begun, ...asked], isFree: true });
  run({ do: 'hang-up', client: `laptop/kubectl-${n}` });
  expect(log()).toEqual({ lines: [...begun, ...asked, 'note: ^C'], isFree: true });
});
