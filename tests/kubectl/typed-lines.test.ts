/** What a shell in a container makes of lines and keys that are typed one after the other. What stands in the terminal is what stands there with busybox 1.35's ash, asked in a pseudoterminal. */
import { beforeAll, expect, it } from 'vitest';
import { advanceTo, boot, command, createEngine, settle, type Engine } from '../../src/engine/engine.ts';
import { CTRL_C, CTRL_D } from '../../src/lib/control-keys.ts';

let engine: Engine;
const run = (line: string, isTerminal = false): string =>
  `laptop/kubectl-${command(engine, { do: 'kubectl', args: line.split(' '), stdin: '', ...(isTerminal ? { isTerminal: true } : {}) })}`;
const wait = (): void => void settle(engine, engine.world.now + 600e6);
const open = (line = 'exec -it box -- sh'): string => {
  const client = run(line, true);
  wait();
  return client;
};
const type = (client: string, ...texts: readonly string[]): void => {
  for (const text of texts) {
    command(engine, { do: 'type', client, text });
    wait();
  }
};
interface Printed {
  readonly printed?: readonly { readonly text: string }[];
  readonly prompt?: string;
  readonly exitCode?: number;
}
const notes = (client: string): readonly Printed[] =>
  Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i)).flatMap((e) =>
    e.type === 'note' && e.by === client && /^kubectl\/(printed|exited)$/.test(e.fact.says) ? [e.fact.with as Printed] : [],
  );
const screen = (client: string): string =>
  notes(client)
    .flatMap(({ printed = [] }) => printed.map(({ text }) => text))
    .join('') + (notes(client).at(-1)?.prompt ?? '');

beforeAll(() => {
  engine = createEngine({ topology: { workers: 1 } });
  boot(engine);
  run('run box --image=busybox:1.36 -- sleep 36000');
  wait();
});

it.each<readonly [title: string, keys: readonly string[], screen: string]>([
  ['a loop', ['for i in 1 2\n', 'do echo $i\n', 'done\n'], '# for i in 1 2\n> do echo $i\n> done\n1\n2\n# '],
  ['an open quote', ['echo "a\n', 'b"\n'], '# echo "a\n> b"\na\nb\n# '],
  ['Ctrl-C in a quote', ['echo "a\n', CTRL_C, 'echo $?\n'], '# echo "a\n> ^C\n# echo $?\n130\n# '],
  [
    'Ctrl-D in a quote',
    ['echo "a\n', CTRL_D, 'echo next\n'],
    '# echo "a\n> sh: syntax error: unterminated quoted string\n# echo next\nnext\n# ',
  ],
  [
    'Ctrl-D in a loop',
    ['for i in 1\n', CTRL_D, 'echo next $?\n'],
    '# for i in 1\n> sh: syntax error: unexpected end of file (expecting "do")\n# echo next $?\nnext 2\n# ',
  ],
  ['cat', ['cat\n', 'hello\n', 'you\n', CTRL_D, 'echo after\n'], '# cat\nhello\nhello\nyou\nyou\n# echo after\nafter\n# '],
  [
    'a here-document',
    ['cat > /tmp/f <<EOF\n', 'one $((1+1))\n', 'EOF\n', 'cat /tmp/f\n'],
    '# cat > /tmp/f <<EOF\n> one $((1+1))\n> EOF\n# cat /tmp/f\none 2\n# ',
  ],
  ['read', ['read x\n', 'word\n', 'echo "<$x>"\n'], '# read x\nword\n# echo "<$x>"\n<word>\n# '],
  ['a shell in the shell', ['sh\n', 'exit 3\n', 'echo $?\n'], '# sh\n# exit 3\n# echo $?\n3\n# '],
  ['a list that goes on', ['echo a &&\n', 'echo b\n'], '# echo a &&\n> echo b\na\nb\n# '],
  ['a pipe that goes on', ['echo a |\n', 'cat\n'], '# echo a |\n> cat\na\n# '],
  ['a line that goes on', ['echo a \\\n', 'b\n'], '# echo a \\\n> b\na b\n# '],
  ['a function', ['f() {\n', 'echo in\n', '}\n', 'f\n'], '# f() {\n> echo in\n> }\n# f\nin\n# '],
  ['if', ['if true; then\n', 'echo y; fi\n'], '# if true; then\n> echo y; fi\ny\n# '],
  ['case', ['case x in\n', 'x) echo X;;\n', 'esac\n'], '# case x in\n> x) echo X;;\n> esac\nX\n# '],
  ['$( … )', ['echo $(echo a;\n', 'echo b)\n'], '# echo $(echo a;\n> echo b)\na b\n# '],
  ['what closes nothing', ['done\n', 'echo $?\n'], '# done\nsh: syntax error: unexpected "done"\n# echo $?\n2\n# '],
  ['Ctrl-C in cat', ['cat\n', CTRL_C, 'echo $?\n'], '# cat\n^C\n# echo $?\n130\n# '],
  ['sort', ['sort\n', 'b\n', 'a\n', CTRL_D], '# sort\nb\na\na\nb\n# '],
  ['head', ['wc -l < /dev/null; head -1\n', 'zz\n'], '# wc -l < /dev/null; head -1\n0\nzz\nzz\n# '],
])('%s', (_, keys, expected) => {
  const client = open();
  type(client, ...keys);
  expect(screen(client).replaceAll('/ # ', '# ')).toBe(expected);
});

it('Ctrl-D does what the shell wants done at its end', () => {
  const client = open();
  type(client, 'trap "echo bye" EXIT\n', CTRL_D);
  expect(screen(client)).toBe('/ # trap "echo bye" EXIT\n/ # \nbye\n');
});
it('what a shell in the shell sets is its own', () => {
  const client = open();
  type(client, 'x=1; export y=2\n', 'sh\n', 'echo "<$x$y>"; x=3\n', CTRL_D, 'echo $x\n');
  expect(screen(client)).toMatch(/\n<2>\n\/ # \n\/ # echo \$x\n1\n\/ # $/);
});
it('Ctrl-C gives back what a function hid', () => {
  const client = open();
  type(client, 'x=outer; f() { local x=inner; cat; }; f\n', CTRL_C, 'echo $x\n');
  expect(screen(client)).toMatch(/\nouter\n\/ # $/);
});

it('a function that calls itself without end, and processes without number, are given up', () => {
  const client = open();
  // dash's words: busybox's stack overflows.
  type(client, 'f() { f; }; f\n', 'echo $?\n', 'g() { g | g; }; g\n', 'echo there\n');
  expect(screen(client)).toMatch(/sh: Maximum function recursion depth \(1000\) reached\n\/ # echo \$\?\n2\n/);
  expect(screen(client)).toMatch(/can't fork: Resource temporarily unavailable\n/);
  expect(screen(client)).toMatch(/\nthere\n\/ # $/);
});

it('two who are attached to one shell are both told', () => {
  const first = open('run -it shared --image=busybox:1.36 -- sh');
  command(engine, { do: 'type', client: first, text: 'sleep 3; echo slept\n' });
  advanceTo(engine, engine.world.now + 1e6);
  const second = open('attach -it shared');
  wait();
  expect(screen(first)).toMatch(/\nslept\n\/ # $/);
  expect(screen(second)).toMatch(/slept\n\/ # $/);
});

it('a shell that is out of reach is left by pressing Ctrl-C again', () => {
  const client = open();
  command(engine, { do: 'partition', a: 'cp-1', b: 'worker-1' });
  type(client, 'echo lost\n');
  command(engine, { do: 'type', client, text: CTRL_C });
  advanceTo(engine, engine.world.now + 2e6);
  expect(notes(client).at(-1)?.exitCode).toBeUndefined();
  type(client, CTRL_C);
  expect(notes(client).at(-1)?.exitCode).toBe(130);
  expect(screen(client)).toBe('/ # echo lost\n^C^C\n');
  command(engine, { do: 'heal', a: 'cp-1', b: 'worker-1' });
  wait();
});
