/** nslookup and dig: what they ask a name server, and what they print of its answer. Source: bind 9.20, bin/dig/{nslookup,dighost,dig}.c. Simplified: one question each; neither times nor sizes. */
import { fnv1a32 } from '../../../lib/hash.ts';
import { parseIp } from '../../../lib/ip.ts';
import type { DnsAnswer } from '../../network/dns.ts';
import { unlines } from './text-commands.ts';
import type { Errand } from './network-commands.ts';

/** What is asked of a name; a name that ends with a dot is whole. `isReverse`: it was an address. */
export interface NameErrand {
  readonly type: string;
  readonly isReverse?: true;
  readonly isShort?: true;
}
const TYPE = /^(a|aaaa|srv|ptr|cname|ns|soa|txt|any|mx)$/i;

/** An address is asked for by its name in in-addr.arpa. */
const questionOf = (target: string, type: string): { readonly name: string; readonly asks: NameErrand } =>
  parseIp(target) === undefined
    ? { name: target, asks: { type } }
    : { name: `${target.split('.').reverse().join('.')}.in-addr.arpa.`, asks: { type: 'PTR', isReverse: true } };

const rest = { path: '', method: '', isSilent: false };

export function nslookup(args: readonly string[]): Errand | undefined {
  const [target, server] = args.filter((a) => !a.startsWith('-'));
  const type = args.map((a) => /^-(?:q|query|type|querytype)=(\w+)$/.exec(a)?.[1]).find((t) => t !== undefined) ?? 'A';
  if (target === undefined) return undefined;
  return { program: 'nslookup', ...questionOf(target, type.toUpperCase()), ...rest, ...(server === undefined ? {} : { server }) };
}

/** Unlike nslookup it asks for the name as it stands, unless +search is said. */
export function dig(args: readonly string[]): Errand | undefined {
  const isValue = (i: number): boolean => /^-[tpbcfkmquvx]$/.test(args[i - 1] ?? '');
  const words = args.filter((a, i) => !/^[-+@]/.test(a) && !isValue(i));
  const name = words.find((word) => !TYPE.test(word) && word !== 'IN');
  const type = (args[args.indexOf('-t') + 1 || -1] ?? words.find((word) => TYPE.test(word)) ?? 'A').toUpperCase();
  const reverse = args[args.indexOf('-x') + 1 || -1];
  const server = args.find((a) => a.startsWith('@'))?.slice(1);
  if (name === undefined && reverse === undefined) return undefined;
  const asked = reverse === undefined ? { name: name ?? '', asks: { type } } : questionOf(reverse, 'PTR');
  return {
    program: 'dig',
    ...asked,
    name: args.includes('+search') ? asked.name : asked.name.replace(/\.?$/, '.'),
    asks: { ...asked.asks, ...(args.includes('+short') ? { isShort: true } : {}) },
    ...rest,
    ...(server === undefined ? {} : { server }),
  };
}

const UNREACHED = ';; connection timed out; no servers could be reached';
const NOTHING: DnsAnswer = { rcode: 'NXDOMAIN', answer: [], additional: [], authority: [] };

/** `answer` undefined: nobody answered. `question`: the name as the answer has it. */
export function nameAnswer(
  { program, name, server = '', asks }: Errand,
  question: string,
  answer: DnsAnswer | undefined = undefined,
): { readonly status: number; readonly out: string } {
  if (program === 'dig')
    return answer ? { status: 0, out: unlines(digLines({ question, server, asks }, answer)) } : { status: 9, out: `${UNREACHED}\n` };
  if (!answer) return { status: 1, out: `${UNREACHED}\n` };
  const plain = name.replace(/\.$/, '');
  const failure = answer.rcode === 'NXDOMAIN' ? `** server can't find ${plain}: NXDOMAIN` : `*** Can't find ${plain}: No answer`;
  const found = answer.answer.flatMap(nslookupLines);
  return {
    status: found.length > 0 ? 0 : 1,
    out: unlines([
      ...(asks?.isReverse ? [] : [`Server:\t\t${server}`, `Address:\t${server}#53`, '']),
      ...(found.length > 0 ? found : [failure]),
    ]),
  };
}
/** What is printed of a name that nobody needs to be asked for. */
export const noSuchName = (errand: Errand): ReturnType<typeof nameAnswer> => nameAnswer(errand, errand.name, NOTHING);

const SAYS: Readonly<Record<string, string>> = { SRV: 'service', PTR: 'name', CNAME: 'canonical name', TXT: 'text', NS: 'nameserver' };
function nslookupLines(record: string): readonly string[] {
  const [owner, , , type, data] = record.split('\t');
  const name = owner.replace(/\.$/, '');
  return SAYS[type] === undefined ? [`Name:\t${name}`, `Address: ${data}`] : [`${name}\t${SAYS[type]} = ${data}`];
}

/** Upstream, of the warning: CoreDNS' kubernetes plugin answers with authority and does not recurse. */
function digLines(
  { question, server, asks }: { readonly question: string; readonly server: string; readonly asks?: NameErrand },
  { rcode, answer, authority }: DnsAnswer,
): readonly string[] {
  if (asks?.isShort) return answer.map((record) => record.split('\t')[4]);
  const section = (title: string, records: readonly string[]): readonly string[] =>
    records.length === 0 ? [] : [`;; ${title} SECTION:`, ...records, ''];
  return [
    `; <<>> DiG 9.20.15 <<>> ${question.replace(/\.$/, '')}`,
    ';; Got answer:',
    `;; ->>HEADER<<- opcode: QUERY, status: ${rcode}, id: ${fnv1a32(question) & 0xffff}`,
    `;; flags: qr aa rd; QUERY: 1, ANSWER: ${answer.length}, AUTHORITY: ${authority.length}, ADDITIONAL: 1`,
    ';; WARNING: recursion requested but not available',
    '',
    ...section('QUESTION', [`;${question}\t\tIN\t${asks?.type ?? 'A'}`]),
    ...section('ANSWER', answer),
    ...section('AUTHORITY', authority),
    `;; SERVER: ${server}#53(${server}) (UDP)`,
    '',
  ];
}
