/** wget, curl, nc and nslookup: what they ask for, and what they print of the answer. Simplified: a name that nothing in the cluster could have is taken to be on the internet, where everything answers with nothing. */
import type { ResolvConf } from '../../network/resolver.ts';

/** `port` undefined: only the name is asked for. */
export interface Errand { readonly program: string; readonly name: string; readonly port?: number; readonly path: string; readonly method: string; readonly into?: string; readonly isSilent: boolean; readonly dns?: ResolvConf }

/** Options that take the next word. */
const WITH_VALUE = /^-(?:[TtHXdmuAwps]|SO)$|^--(?:timeout|tries|header|max-time|connect-timeout|request|data|retry)$/;
export const NETWORK_COMMANDS: readonly string[] = ['wget', 'curl', 'nc', 'nslookup'];

/** What the command line asks of the network; undefined: nothing. */
export function errandOf([program, ...args]: readonly string[]): Errand | undefined {
  const plain: string[] = [];
  let into: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const file = program === 'wget' ? /^-[a-zA-Z]*O(.*)$/.exec(args[i])?.[1] : program === 'curl' && /^(-o|--output)$/.test(args[i]) ? '' : undefined;
    if (file !== undefined) into = file === '' ? args[++i] : file;
    else if (WITH_VALUE.test(args[i])) i++;
    else if (!args[i].startsWith('-')) plain.push(args[i]);
  }
  const [target, port] = plain;
  if (target === undefined) return undefined;
  if (program === 'nc') return { program, name: target, port: Number(port ?? 0), path: '/', method: 'CONNECT', isSilent: true };
  if (program === 'nslookup') return { program, name: target, path: '', method: '', isSilent: false };
  const [, scheme, name = target, number, path = '/'] = /^(?:(https?):\/\/)?(?:[^@/]*@)?([^:/?]+)(?::(\d+))?(\/.*)?$/.exec(target) ?? [];
  const saved = into ?? (program === 'wget' ? (path.split('/').pop() || 'index.html') : '-');
  return { program, name, port: Number(number ?? (scheme === 'https' ? 443 : 80)), path, method: 'GET', isSilent: args.includes('--spider'), ...(/^(-|\/dev\/stdout)$/.test(saved) ? {} : { into: saved }) };
}

/** Whether only a resolver outside of the cluster could know the name. */
export const isOutside = (name: string): boolean => /\.(com|io|org|net|dev|app|edu|gov|cloud)$/.test(name);

export function nameLines({ name, dns }: Errand, found: string, addresses: readonly string[]): readonly string[] {
  const server = dns?.nameserver ?? '';
  return [`Server:\t\t${server}`, `Address:\t${server}#53`, '', ...(addresses.length > 0 ? addresses.flatMap((ip) => [`Name:\t${found}`, `Address: ${ip}`]) : [`** server can't find ${name}: NXDOMAIN`])];
}

/** What is said when there was no answer, and the status. */
export function failureOf({ program, name, port }: Errand, why: 'no name' | 'refused' | 'timeout' | number, ip = ''): { readonly line?: string; readonly status: number } {
  if (program === 'nc') return { status: 1, ...(why === 'no name' ? { line: `nc: bad address '${name}'` } : {}) };
  if (program === 'wget') return { status: 1, line: why === 'no name' ? `wget: bad address '${name}'` : why === 'refused' ? `wget: can't connect to remote host (${ip}): Connection refused` : why === 'timeout' ? 'wget: download timed out' : `wget: server returned error: HTTP/1.1 ${why}` };
  return why === 'no name' ? { status: 6, line: `curl: (6) Could not resolve host: ${name}` } : why === 'timeout' ? { status: 28, line: `curl: (28) Connection timed out` } : { status: 7, line: `curl: (7) Failed to connect to ${name} port ${port}: Connection refused` };
}
