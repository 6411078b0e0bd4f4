/**
 * Programs that a script starts and that serve from then on: a web server, an application, `nc -l`.
 * Source: busybox' networking/{httpd,nc}.c, nginx(8). Simplified: an application listens on the ports that its manifest names, unless its flags name others.
 */
import { interpreterOf, knownServer } from '../images/interpreters.ts';
import { ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { inShell } from './listing.ts';
import { SILENT } from './silent-names.ts';

/** What a program in the foreground does: it answers. */
export interface Serving {
  /** Undefined: those that the manifest names, and its image's own. */
  readonly ports?: readonly number[];
  /** The folder of its pages. */
  readonly root?: string;
  /** It answers one request, with this, and is over. */
  readonly once?: string;
}

/** What comes after these words is the program that they start. */
const WRAPPERS = /^(tini|dumb-init|gosu|su-exec|bundle|poetry|pipenv|npx)$/;
/** And whose it is. */
const FOR_A_USER = /^(gosu|su-exec)$/;
const option = (args: readonly string[], letter: string): string | undefined => {
  const at = args.findIndex((a) => a.startsWith(`-${letter}`));
  return at < 0 ? undefined : args[at].slice(2) || args[at + 1];
};
const portIn = (text = ''): readonly number[] => {
  const port = Number(/(\d+)$/.exec(text)?.[1] ?? 0);
  return port > 0 && port < 65_536 ? [port] : [];
};
const serves = (serving: Serving, isDaemon = false): Effect => ({
  forever: true,
  serves: serving,
  ...(isDaemon ? { isDaemon: true } : {}),
});

/** nginx [-g 'daemon off;'] [-s SIGNAL] [-t]: without `daemon off` it goes to the background. */
function nginx(args: readonly string[]): Effect {
  const signal = option(args, 's');
  if (signal !== undefined) return { status: 0, ...(/^(quit|stop)$/.test(signal) ? { terms: true } : {}) };
  const conf = '/etc/nginx/nginx.conf';
  if (args.some((a) => /^-[tT]$/.test(a)))
    return { ...ok(), err: `nginx: the configuration file ${conf} syntax is ok\nnginx: configuration file ${conf} test is successful` };
  return serves({}, !args.join(' ').includes('daemon off'));
}

/** busybox' httpd [-f] [-p [IP:]PORT] [-h HOME]; Apache's httpd -DFOREGROUND. */
function httpd(args: readonly string[], shell: Shell, hasBusybox: boolean): Effect {
  if (!hasBusybox) return serves({}, !/foreground/i.test(args.join(' ')));
  const home = option(args, 'h');
  return serves({ ports: portIn(option(args, 'p') ?? '80'), root: inShell(home ?? '.', shell) }, !args.some((a) => /^-\w*f/.test(a)));
}

/** nc -l [-p] PORT [-k]: it sends what it reads to whoever connects, and is over, unless -k or -e. */
function nc(args: readonly string[], shell: Shell): Effect {
  const letters = args.flatMap((a) => (a.startsWith('-') ? [...a] : [])).join('');
  const ports = portIn(option(args, 'p') ?? args.findLast((a) => /^\d+$/.test(a)));
  const isLasting = /k/.test(letters) || /e/.test(letters);
  return serves(isLasting ? { ports } : { ports, once: shell.input ?? '' });
}

/** What a container's own script comes to when it starts this; undefined: nothing that serves. `isLast`: nothing comes after it in the shell. */
export function serverOf(
  [name = '', ...args]: readonly string[],
  shell: Shell,
  { hasBusybox, isLast }: { readonly hasBusybox: boolean; readonly isLast: boolean },
): Effect | undefined {
  const program = name.replace(/^.*\//, '');
  if (WRAPPERS.test(program)) {
    const at = args.findIndex((a, i) => !a.startsWith('-') && !/^(exec|run)$/.test(a) && !(i === 0 && FOR_A_USER.test(program)));
    return at < 0 ? undefined : serverOf(args.slice(at), shell, { hasBusybox, isLast: true });
  }
  if (program === 'nginx') return nginx(args);
  if (program === 'httpd') return httpd(args, shell, hasBusybox);
  if (program === 'nc' && args.some((a) => /^-\w*l/.test(a))) return nc(args, shell);
  const words = [name, ...args];
  const known = interpreterOf(words) ?? knownServer(words);
  if (known?.kind === 'server') return serves(known.ports ? { ports: known.ports } : {});
  return known === undefined && isLast && name.includes('/') && !SILENT.has(program) ? serves({}) : undefined;
}
