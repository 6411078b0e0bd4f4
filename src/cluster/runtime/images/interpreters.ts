/** Interpreters and servers that a manifest names in words: whether what they run serves or ends. Simplified: a program file is taken to be a server, code on the command line to end. */
import type { Behaviour } from '../executable.ts';

/** What they do with a program is to run it, unless told one of these: they install, build, test or migrate, and end. */
const ENDS =
  /^(install|i|ci|add|remove|update|build|test|lint|audit|version|-{0,2}version|-[vV]|help|--help|restore|publish|pack|mod|get|fmt|vet|list|init|config|cache|freeze|migrate|makemigrations|collectstatic|createsuperuser|loaddata|check|shell|seed|upgrade|db:\w+|db|ef|setup\.py|create|exec|generate|require|dump-autoload)$/;
/** Those that do nothing but serve, whatever they are told. */
const SERVERS =
  /^(gunicorn|uvicorn|hypercorn|daphne|waitress-serve|puma|unicorn|thin|nodemon|pm2-runtime|php-fpm\d*|apache2-foreground|httpd-foreground|catalina\.sh|redis-server|mysqld|mariadbd|postgres|mongod|memcached|rabbitmq-server|caddy|haproxy|traefik|envoy|http-server|streamlit|jupyter|docker-entrypoint\.sh)$/;
const INTERPRETERS = /^(python[\d.]*|node|ruby|php|java|perl|npm|yarn|pnpm|go|deno|bun|dotnet|flask|celery|rails|rackup|ts-node)$/;
/** Package managers run a script of the project by its name, and without one they install. */
const MANAGERS = /^(npm|yarn|pnpm)$/;

/** --port 8080, --bind=0.0.0.0:8000, -b :8000, -S 0.0.0.0:80, runserver 0.0.0.0:8000, http.server 80. */
function portsOf(args: readonly string[]): readonly number[] | undefined {
  for (const [i, arg] of args.entries()) {
    const value = /^(?:--port|--bind|--http-port|--listen|--address|-b|-S)=(.+)$/.exec(arg)?.[1];
    const next = /^(--port|--bind|--http-port|--listen|--address|-b|-S|runserver|http\.server)$/.test(arg) ? args[i + 1] : undefined;
    const port = Number(/(?:^|:)(\d{1,5})$/.exec(value ?? next ?? '')?.[1] ?? NaN);
    if (port > 0) return [port];
  }
  return args.includes('http.server') ? [8000] : undefined;
}

function managerServes([verb = '', script = '']: readonly string[]): boolean {
  const name = verb === 'run' || verb === 'run-script' ? script : verb;
  return /^(start|dev|serve|preview|server|watch)(:|$)/.test(name);
}

const nameOf = (command = ''): string => command.replace(/^.*\//, '');
function serverWith(args: readonly string[]): Behaviour {
  const ports = portsOf(args);
  return { kind: 'server', ...(ports ? { ports } : {}), ...(args.includes('http.server') ? { startup: [] } : {}) };
}

/** Undefined: it is none of them. */
export const knownServer = ([command, ...args]: readonly string[]): Behaviour | undefined =>
  SERVERS.test(nameOf(command)) && !args.some((a) => /^--?(version|help)$/.test(a)) ? serverWith(args) : undefined;

/** Undefined: it is none of them. */
export function interpreterOf([command, ...args]: readonly string[]): Behaviour | undefined {
  const name = nameOf(command);
  if (!INTERPRETERS.test(name)) return undefined;
  const server = serverWith(args);
  if (MANAGERS.test(name)) return managerServes(args) ? server : { kind: 'oneshot' };
  if (name.startsWith('python') && args[0] === '-m')
    return /^(pip|venv|compileall|pytest|unittest|json\.tool)$/.test(args[1] ?? '') ? { kind: 'oneshot' } : server;
  const isCode = args.length === 0 || (name !== 'java' && (/^-[ceM]/.test(args[0]) || args[0] === { php: '-r', node: '-p' }[name]));
  // `python manage.py migrate`, `php artisan migrate`, `go build`.
  const verbs = args.filter((a) => !a.startsWith('-')).slice(0, 2);
  return isCode || verbs.some((verb) => ENDS.test(verb)) || ENDS.test(args[0]) ? { kind: 'oneshot' } : server;
}
