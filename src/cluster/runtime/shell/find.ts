/** find [PATH …] [-maxdepth N] [-mindepth N] [!] -name | -iname | -path | -type … [-print | -exec PROGRAM {} ;]. Source: busybox' findutils/find.c. Simplified: no -o, no brackets; in order of their names; of the image's own folders the files are not known. */
import { commandOf } from './compile.ts';
import { no, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { inShell, isFolder, namesIn } from './listing.ts';
import { patternOf } from './pattern.ts';

/** `name` as it is printed. */
interface Found {
  readonly name: string;
  readonly path: string;
  readonly depth: number;
}
type Test = (found: Found, isDirectory: boolean) => boolean;

const matcher =
  (of: (found: Found) => string, ignoresCase = false) =>
  (text: string): Test => {
    const pattern = new RegExp(patternOf([{ text, kind: 'plain' }]), ignoresCase ? 'i' : '');
    return (found) => pattern.test(of(found));
  };
const lastName = ({ name }: Found): string => name.replace(/(.)\/+$/, '$1').replace(/^.*\/(?=.)/, '');
const TESTS: Readonly<Record<string, (value: string) => Test>> = {
  '-name': matcher(lastName),
  '-iname': matcher(lastName, true),
  '-path': matcher(({ name }) => name),
  '-type': (type) => (_found, isDirectory) => (type === 'd') === isDirectory,
  '-maxdepth': () => () => true,
  '-mindepth':
    (least) =>
    ({ depth }) =>
      depth >= Number(least),
};

export function find(args: readonly string[], shell: Shell): Effect {
  const from = args.findIndex((a) => /^[-!]/.test(a));
  const paths = from < 0 ? args : args.slice(0, from);
  const tests: Test[] = [];
  let most = Infinity;
  let program: readonly string[] | undefined;
  let isNot = false;
  for (let i = from < 0 ? args.length : from; i < args.length; i++) {
    const name = args[i];
    if (name === '!' || name === '-not') isNot = !isNot;
    else if (name === '-exec') {
      const end = args.findIndex((a, n) => n > i && /^[;+]$/.test(a));
      if (end < 0) return no('find: -exec requires an argument');
      program = args.slice(i + 1, end);
      i = end;
    } else if (Object.hasOwn(TESTS, name)) {
      const value = args[++i];
      if (value === undefined) return no(`find: ${name} requires an argument`);
      if (name === '-type' && !/^[fd]$/.test(value)) return no(`find: invalid argument '${value}' to '-type'`);
      if (name.endsWith('depth') && !/^\d+$/.test(value)) return no(`find: invalid number '${value}'`);
      if (name === '-maxdepth') most = Number(value);
      const test = TESTS[name](value);
      tests.push(isNot ? (found, isDirectory) => !test(found, isDirectory) : test);
      isNot = false;
    } else if (name !== '-print' && name !== '-a') return no(`find: unrecognized: ${name}`);
  }
  const found: string[] = [];
  const missing: string[] = [];
  for (const path of paths.length === 0 ? ['.'] : paths) {
    const root = { name: path, path: inShell(path, shell).replace(/(.)\/$/, '$1'), depth: 0 };
    if (!shell.files.has(root.path) && !isFolder(shell.files, root.path)) missing.push(`find: ${path}: No such file or directory\n`);
    else for (const one of under(root, most, shell)) if (tests.every((test) => test(one, !shell.files.has(one.path)))) found.push(one.name);
  }
  if (program) {
    const words = program;
    return { steps: found.flatMap((name) => commandOf(words.map((word) => word.replaceAll('{}', name)))) };
  }
  return { status: missing.length > 0 ? 1 : 0, out: found.map((name) => `${name}\n`).join(''), err: missing.join('') };
}

/** It, and all that is in it. */
function* under(at: Found, most: number, { files }: Pick<Shell, 'files'>): Iterable<Found> {
  yield at;
  if (at.depth >= most || files.has(at.path)) return;
  for (const name of namesIn(files, at.path))
    yield* under({ name: at.name.replace(/\/?$/, `/${name}`), path: at.path.replace(/\/?$/, `/${name}`), depth: at.depth + 1 }, most, {
      files,
    });
}
