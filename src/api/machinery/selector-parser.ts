/**
 * 'a=b,c!=d,e in (x,y),!f' → requirements, with upstream's lexer and words of complaint.
 * Upstream: staging/src/k8s.io/apimachinery/pkg/labels/selector.go Lexer, Parser (v1.36). Simplified: nothing.
 */
import { labelKeyErrors, labelValueErrors } from './names.ts';

export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

type Kind = 'identifier' | 'in' | 'notin' | ')' | '(' | ',' | '!' | '==' | '=' | '!=' | '>' | '<' | 'end' | 'error';
interface Token {
  readonly kind: Kind;
  readonly text: string;
}
/** A reader holds its place in the tokens. */
interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

const SYMBOLS = '=!(),><';

/** Throws an Error in upstream's words when the text is no selector. */
export function parseRequirements(text: string): readonly LabelRequirement[] {
  const reader: Reader = { tokens: lex(text), at: 0 };
  const requirements: LabelRequirement[] = [];
  for (;;) {
    const token = peek(reader);
    if (token.kind === 'end') return requirements;
    if (token.kind !== 'identifier' && token.kind !== '!')
      throw new Error(`found '${token.text}', expected: !, identifier, or 'end of string'`);
    requirements.push(readRequirement(reader));
    const after = take(reader);
    if (after.kind === 'end') return requirements;
    if (after.kind !== ',') throw new Error(`found '${after.text}', expected: ',' or 'end of string'`);
    const next = peek(reader);
    if (next.kind !== 'identifier' && next.kind !== '!') throw new Error(`found '${next.text}', expected: identifier after ','`);
  }
}

function lex(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < text.length;) {
    const c = text[i];
    if (/\s/.test(c)) {
      i++;
      continue;
    }
    const isSymbol = SYMBOLS.includes(c);
    let end = i + 1;
    if (isSymbol) {
      if ((c === '=' || c === '!') && text[end] === '=') end++;
    } else while (end < text.length && !/\s/.test(text[end]) && !SYMBOLS.includes(text[end])) end++;
    const word = text.slice(i, end);
    tokens.push({ kind: isSymbol ? (word as Kind) : word === 'in' || word === 'notin' ? word : 'identifier', text: word });
    i = end;
  }
  return [...tokens, { kind: 'end', text: '' }];
}

const END: Token = { kind: 'end', text: '' };
/** Where a value is wanted, the words 'in' and 'notin' are values. */
const asValue = (token: Token): Token => (token.kind === 'in' || token.kind === 'notin' ? { ...token, kind: 'identifier' } : token);
const peek = (reader: Reader): Token => asValue(reader.tokens[reader.at] ?? END);
const takeOperator = (reader: Reader): Token => reader.tokens[reader.at++] ?? END;
const take = (reader: Reader): Token => asValue(takeOperator(reader));

function readRequirement(reader: Reader): LabelRequirement {
  try {
    let token = take(reader);
    const isAbsence = token.kind === '!';
    if (isAbsence) token = take(reader);
    if (token.kind !== 'identifier') throw new Error(`found '${token.text}', expected: identifier`);
    const key = token.text;
    const wrong = labelKeyErrors(key);
    if (wrong.length > 0) throw new Error(`<nil>: Invalid value: ${JSON.stringify(key)}: ${wrong.join('; ')}`);
    if (isAbsence) return { key, operator: '!', values: [] };
    const next = peek(reader);
    if (next.kind === 'end' || next.kind === ',') return { key, operator: 'exists', values: [] };
    return checked(readValues(reader, key, readOperator(reader)));
  } catch (error) {
    throw new Error(`unable to parse requirement: ${(error as Error).message}`, { cause: error });
  }
}

function readOperator(reader: Reader): LabelOperator {
  const token = takeOperator(reader);
  switch (token.kind) {
    case 'in':
    case 'notin':
    case '=':
    case '==':
    case '!=':
      return token.kind;
    case '>':
      return 'gt';
    case '<':
      return 'lt';
    default:
      throw new Error(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`);
  }
}

function readValues(reader: Reader, key: string, operator: LabelOperator): LabelRequirement {
  if (operator !== 'in' && operator !== 'notin') {
    const next = peek(reader);
    if (next.kind === 'end' || next.kind === ',') return { key, operator, values: [''] };
    const token = take(reader);
    if (token.kind !== 'identifier') throw new Error(`found '${token.text}', expected: identifier`);
    return { key, operator, values: [token.text] };
  }
  const open = take(reader);
  if (open.kind !== '(') throw new Error(`found '${open.text}' expected: '('`);
  const next = peek(reader);
  if (next.kind === ')') {
    take(reader);
    return { key, operator, values: [''] };
  }
  if (next.kind !== 'identifier' && next.kind !== ',') throw new Error(`found '${next.text}', expected: ',', ')' or identifier`);
  return { key, operator, values: [...new Set(readList(reader))].sort((a, b) => (a < b ? -1 : 1)) };
}

/** Up to the bracket that closes it; between commas may be nothing. */
function readList(reader: Reader): readonly string[] {
  const values: string[] = [];
  for (;;) {
    const token = take(reader);
    const next = peek(reader);
    if (token.kind === 'identifier') {
      values.push(token.text);
      if (next.kind !== ',' && next.kind !== ')') throw new Error(`found '${next.text}', expected: ',' or ')'`);
    } else if (token.kind !== ',') throw new Error(`found '${token.text}', expected: ',', or identifier`);
    else if (values.length === 0 || next.kind === ')' || next.kind === ',') values.push('');
    if (next.kind === ')') {
      take(reader);
      return values;
    }
  }
}

/** What is wrong with all of it, as upstream's field.ErrorList prints as one. */
function checked(requirement: LabelRequirement): LabelRequirement {
  const { key, operator, values } = requirement;
  const numbers =
    operator === 'gt' || operator === 'lt'
      ? values.flatMap((value, i) =>
          int64(value) === undefined
            ? [`values[${i}]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`]
            : [],
        )
      : [];
  const errors = [
    ...numbers,
    ...values.flatMap((value, i) => {
      const wrong = labelValueErrors(value);
      return wrong.length === 0 ? [] : [`values[${i}][${key}]: Invalid value: ${JSON.stringify(value)}: ${wrong.join('; ')}`];
    }),
  ];
  if (errors.length > 0) throw new Error(errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`);
  return requirement;
}

const MOST = 9_223_372_036_854_775_808n;
/** What Go's ParseInt makes of it. */
export function int64(text: string): bigint | undefined {
  const value = /^[-+]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : MOST;
  return value >= -MOST && value < MOST ? value : undefined;
}
