/** Interpreters and the like that a manifest names in words: whether what they run serves or ends. Simplified: a program file is taken to be a server, code on the command line to end. */
import type { Behaviour } from '../executable.ts';

export function interpreterOf([command = '', ...args]: readonly string[]): Behaviour | undefined {
  const name = command.replace(/^.*\//, '');
  if (/^python[\d.]*$/.test(name) && args[0] === '-m')
    return args[1] === 'http.server'
      ? { kind: 'server', ports: [Number(args.find((a) => /^\d+$/.test(a)) ?? 8000)], startup: [] }
      : { kind: 'server' };
  if (!/^(python[\d.]*|node|ruby|php|java|perl|npm|go|gunicorn|uvicorn|flask)$/.test(name)) return undefined;
  return args.length > 0 && !/^-[ceM]/.test(args[0]) ? { kind: 'server' } : { kind: 'oneshot' };
}
