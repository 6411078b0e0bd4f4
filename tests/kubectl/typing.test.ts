/** `kubectl exec -it POD -- sh`: lines that are typed are run by one shell, which remembers. Prompts and what is printed are busybox ash's, asked by hand in a terminal. */
import { beforeEach, describe, expect, it } from 'vitest';
import { advanceTo, boot, command, createEngine, settle, type Engine } from '../../src/engine/engine.ts';
import { beatsOf } from '../../src/story/beats.ts';

let engine: Engine;
let client: string;
const run = (line: string, isTerminal = false): number =>
  command(engine, { do: 'kubectl', args: line.split(' '), stdin: '', ...(isTerminal ? { isTerminal: true } : {}) });
const type = (text: string): void => {
  command(engine, { do: 'type', client, text });
  settle(engine, engine.world.now + 600e6);
};
interface Printed {
  readonly printed?: readonly { readonly text: string }[];
  readonly stdout?: string;
  readonly stderr?: string;
  readonly prompt?: string;
  readonly exitCode?: number;
}
const notes = (): readonly Printed[] =>
  Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i)).flatMap((e) =>
    e.type === 'note' && e.by === client && /^kubectl\/(printed|exited)$/.test(e.fact.says) ? [e.fact.with as Printed] : [],
  );
/** All that stands in the terminal, with the prompt that waits. */
const screen = (): string =>
  notes()
    .flatMap(({ printed = [] }) => printed.map(({ text }) => text))
    .join('') + (notes().at(-1)?.prompt ?? '');
const open = (pod: string, program = 'sh'): void => {
  client = `laptop/kubectl-${run(`exec -it ${pod} -- ${program}`, true)}`;
  settle(engine, engine.world.now + 600e6);
};

beforeEach(() => {
  engine = createEngine({ topology: { workers: 1 } });
  boot(engine);
  for (const line of ['run box --image=busybox:1.36 -- sleep 36000', 'run web --image=nginx:1.29', 'expose pod web --port=80']) {
    run(line);
    settle(engine, engine.world.now + 60e6);
  }
  open('box');
});

it('prompts, runs a line, and prompts again', () => {
  expect(screen()).toBe('/ # ');
  type('echo $HOSTNAME\n');
  expect(screen()).toBe('/ # echo $HOSTNAME\nbox\n/ # ');
});
it('remembers where it is, variables and functions', () => {
  for (const line of ['cd /tmp', 'x=5', 'f() { echo "f $1 $x"; }', 'f a', 'echo hi > note; cat note', 'cd ~', 'false', 'echo $?'])
    type(`${line}\n`);
  expect(screen()).toBe(
    '/ # cd /tmp\n/tmp # x=5\n/tmp # f() { echo "f $1 $x"; }\n/tmp # f a\nf a 5\n/tmp # echo hi > note; cat note\nhi\n/tmp # cd ~\n~ # false\n~ # echo $?\n1\n~ # ',
  );
});
it('errors come where the rest does', () => {
  type('nosuch; ls /nowhere\n');
  expect(screen()).toBe('/ # nosuch; ls /nowhere\nsh: nosuch: not found\nls: /nowhere: No such file or directory\n/ # ');
});
it('asks the network from the pod', () => {
  type('wget -qO- http://web | grep -c Welcome\n');
  expect(screen()).toMatch(/\n2\n\/ # $/);
});
it('an empty line prompts again', () => {
  type('\n');
  expect(screen()).toBe('/ # \n/ # ');
});

describe('what takes its time', () => {
  it('is waited for, and says what it says as it says it', () => {
    const from = engine.world.now;
    type('echo a; sleep 5; echo b\n');
    expect(screen()).toBe('/ # echo a; sleep 5; echo b\na\nb\n/ # ');
    expect(notes().map(({ printed }) => printed?.map(({ text }) => text).join(''))).toEqual([
      '',
      '/ # echo a; sleep 5; echo b\n',
      'a\n',
      'b\n',
    ]);
    expect(engine.world.now - from).toBeGreaterThan(5e6);
  });
  it('Ctrl-C ends what runs, and not the shell', () => {
    command(engine, { do: 'type', client, text: 'ping web\n' });
    advanceTo(engine, engine.world.now + 3.5e6);
    type('\u0003');
    expect(screen()).toMatch(
      /^\/ # ping web\nPING web \(10\.\S+\): 56 data bytes\n\^C\n--- web ping statistics ---\n4 packets transmitted, 0 packets received, 100% packet loss\n\/ # $/,
    );
    type('sleep 9999 | cat\n');
    type('\u0003');
    type('echo $?\n');
    expect(screen()).toMatch(/sleep 9999 \| cat\n\^C\n\/ # echo \$\?\n130\n\/ # $/);
  });
  it('what was asked before Ctrl-C is nobody’s answer', () => {
    command(engine, { do: 'type', client, text: 'ping web\n' });
    advanceTo(engine, engine.world.now + 3.5e6);
    type('\u0003');
    type('sleep 3; echo slept\n');
    expect(screen()).toMatch(/sleep 3; echo slept\nslept\n\/ # $/);
    command(engine, { do: 'type', client, text: 'ping -c 1 -W 3 web\n' });
    advanceTo(engine, engine.world.now + 1e6);
    type('\u0003');
    const from = engine.world.now;
    type('ping -c 1 -W 9 web\n');
    expect(engine.world.now - from).toBeGreaterThan(9e6);
    type('echo $(echo a) $(sleep 100)\n');
    type('\u0003');
    type('echo $(echo b) c\n');
    expect(screen()).toMatch(/\nb c\n\/ # $/);
  });
  it('Ctrl-C leaves what runs in the background', () => {
    type('sleep 1000 &\n');
    type('\u0003');
    type('kill $! && echo killed\n');
    expect(screen()).toMatch(/\nkilled\n\/ # $/);
  });
  it('what is nested too deep, or named as what every object has, halts nothing', () => {
    type(`echo ${'('.repeat(20_000)}\n`);
    type('find / -print constructor x\n');
    expect(screen()).toMatch(/\nfind: unrecognized: constructor\n\/ # $/);
  });
  it('an answer that does not come is waited for, too', () => {
    type('ping -c 2 -W 3 web\n');
    expect(screen()).toMatch(/\n2 packets transmitted, 0 packets received, 100% packet loss\n\/ # $/);
  });
  it('what is typed meanwhile comes after it', () => {
    command(engine, { do: 'type', client, text: 'sleep 2; echo one\n' });
    advanceTo(engine, engine.world.now + 1e6);
    type('echo two\n');
    expect(screen()).toBe('/ # sleep 2; echo one\none\n/ # echo two\ntwo\n/ # ');
  });
  it('at a prompt Ctrl-C begins a new line', () => {
    type('\u0003');
    expect(screen()).toBe('/ # ^C\n/ # ');
  });
});

describe('the end', () => {
  it('exit, with its status', () => {
    type('exit 3\n');
    expect(notes().at(-1)).toMatchObject({ exitCode: 3, stderr: 'command terminated with exit code 3\n' });
  });
  it('Ctrl-D', () => {
    type('\u0004');
    expect(notes().at(-1)).toMatchObject({ exitCode: 0 });
  });
  it('the container’s', () => {
    command(engine, { do: 'type', client, text: 'sleep 100\n' });
    advanceTo(engine, engine.world.now + 1e6);
    command(engine, { do: 'kill', what: 'default/box/box' });
    settle(engine, engine.world.now + 60e6);
    expect(notes().at(-1)).toMatchObject({ exitCode: 137 });
  });
  it('nobody waits for a shell at its prompt', () => {
    const before = engine.world.now;
    settle(engine, before + 600e6);
    expect(engine.world.now).toBe(before);
  });
});

it('prompts of others: dash has none but a sign', () => {
  open('web');
  expect(screen()).toBe('# ');
  open('web', 'bash');
  expect(screen()).toBe('root@web:/# ');
});
it('the story tells what is typed and what is said', () => {
  const rows = engine.trace.length;
  type('hostname\n');
  const events = Array.from({ length: engine.trace.length - rows }, (_, i) => engine.trace.event(rows + i));
  expect(beatsOf(events, 0).map(({ title }) => title)).toEqual(['You type hostname.', 'kubectl prints: box']);
});

describe('attached to a shell', () => {
  const attach = (line: string): void => {
    client = `laptop/kubectl-${run(line, true)}`;
    settle(engine, engine.world.now + 600e6);
  };
  const RECORDED = /^All commands and output[^]*If you don't see a command prompt, try pressing enter\.\n/;
  const pods = (): string => {
    const n = run('get pods --no-headers');
    settle(engine, engine.world.now + 60e6);
    const [own, before] = [`laptop/kubectl-${n}`, client];
    client = own;
    const text = notes().at(-1)?.stdout ?? '';
    client = before;
    return text;
  };
  it('run -it --rm: the shell is the container, and all is gone with it', () => {
    attach('run -it --rm tmp --image=busybox:1.36 -- sh');
    expect(screen()).toMatch(RECORDED);
    expect(screen().replace(RECORDED, '')).toBe('/ # ');
    type('echo $$; hostname\n');
    expect(screen().replace(RECORDED, '')).toBe('/ # echo $$; hostname\n1\ntmp\n/ # ');
    type('exit\n');
    expect(notes().at(-1)).toMatchObject({ exitCode: 0 });
    expect(screen()).toMatch(/resume using 'kubectl attach tmp -c tmp -n default -i -t' command[^]*pod "tmp" deleted/);
    expect(pods()).not.toContain('tmp');
  });
  it('run -it --restart=Never ends as the shell does', () => {
    attach('run -it once --image=busybox:1.36 --restart=Never -- sh');
    type('exit 4\n');
    expect(notes().at(-1)).toMatchObject({ exitCode: 4 });
    expect(pods()).toMatch(/once +0\/1 +Error/);
  });
  it('attach comes back to the same shell', () => {
    attach('run -it again --image=busybox:1.36 -- sh');
    type('x=5; cd /tmp\n');
    command(engine, { do: 'hang-up', client });
    attach('attach -it again');
    expect(screen()).toMatch(/\/tmp # $/);
    type('echo $x\n');
    expect(screen()).toMatch(/\n5\n\/tmp # $/);
  });
  it('debug -it', () => {
    attach('debug -it web --image=busybox:1.36');
    type('wget -qO- localhost | grep -c Welcome\n');
    expect(screen()).toMatch(/\n2\n\/ # $/);
  });
});
