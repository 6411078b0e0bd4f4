/** The words of Go's templates. Upstream: Go's text/template/parse/lex.go. Simplified: no complex numbers and no characters. */
export interface Token {
  readonly is: 'text' | 'open' | 'close' | 'word' | 'field' | 'variable' | 'string' | 'number' | 'declare' | '.' | ',' | '|' | '(' | ')' | 'other' | 'error' | 'end of text';
  readonly at: number;
  readonly text: string;
  /** Of a string and a number. */
  readonly value?: string;
  readonly isFloat?: boolean;
  /** A blank stands before it. */
  readonly isApart?: boolean;
  /** It ends a comment. */
  readonly isComment?: boolean;
}

const BLANKS = /[ \t\r\n]/;
/** Longest first where one begins another. */
const FORMS: readonly (readonly [Token['is'], RegExp])[] = [
  ['declare', /^(?::=|=)/], ['string', /^"(?:[^"\\\n]|\\.)*"/], ['string', /^`[^`]*`/], ['variable', /^\$[\p{L}\d_]*(?:\.[\p{L}_][\p{L}\d_]*)*/u], ['number', /^[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/],
  ['field', /^(?:\.[\p{L}_][\p{L}\d_]*)+/u], ['.', /^\./], ['word', /^[\p{L}_][\p{L}\d_]*/u], [',', /^,/], ['|', /^\|/], ['(', /^\(/], [')', /^\)/],
];

/** An error is the last token. */
export function lex(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trims = false;
  for (;;) {
    const open = source.indexOf('{{', at);
    const raw = source.slice(at, open < 0 ? undefined : open);
    const isTrimmed = open >= 0 && /^\{\{-[ \t\r\n]/.test(source.slice(open, open + 4));
    tokens.push({ is: 'text', at, text: trimmed(raw, trims, isTrimmed) });
    if (open < 0) return [...tokens, { is: 'end of text', at: source.length, text: '' }];
    tokens.push({ is: 'open', at: open, text: '{{' });
    const end = action(source, open + (isTrimmed ? 3 : 2), tokens);
    if (end === undefined) return tokens;
    ({ at, trims } = end);
  }
}

const trimmed = (text: string, left: boolean, right: boolean): string => { const start = left ? text.replace(/^[ \t\r\n]+/, '') : text; return right ? start.replace(/[ \t\r\n]+$/, '') : start; };

/** Up to behind the '}}'; undefined after an error. */
function action(source: string, from: number, tokens: Token[]): { readonly at: number; readonly trims: boolean } | undefined {
  const fail = (text: string, at: number): undefined => { tokens.push({ is: 'error', at, text }); return undefined; };
  let at = from;
  const comment = /^\s*\/\*[\s\S]*?\*\//.exec(source.slice(at));
  if (/^\s?\/\*/.test(source.slice(at))) {
    if (!comment) return fail('unclosed comment', at);
    const close = /^(\s-)?\}\}/.exec(source.slice(at + comment[0].length));
    if (!close) return fail('comment ends before closing delimiter', at);
    tokens.push({ is: 'close', at, text: '}}', isComment: true });
    return { at: at + comment[0].length + close[0].length, trims: close[1] !== undefined };
  }
  let depth = 0;
  for (;;) {
    const gap = /^[ \t\r\n]*/.exec(source.slice(at))?.[0] ?? '';
    const rest = source.slice(at + gap.length);
    const close = gap !== '' && rest.startsWith('-}}') ? '-}}' : rest.startsWith('}}') ? '}}' : undefined;
    if (close !== undefined) {
      if (depth > 0) return fail('unclosed left paren', at);
      tokens.push({ is: 'close', at: at + gap.length, text: '}}' });
      return { at: at + gap.length + close.length, trims: close === '-}}' };
    }
    if (rest === '') return fail('unclosed action', at);
    at += gap.length;
    const token = word(rest, at, gap !== '');
    if (token.is === '(') depth++;
    if (token.is === ')' && --depth < 0) return fail('unexpected right paren', at);
    tokens.push(token);
    if (token.is === 'error') return undefined;
    at += token.text.length;
  }
}

function word(rest: string, at: number, isApart: boolean): Token {
  for (const [is, form] of FORMS) {
    const text = form.exec(rest)?.[0];
    if (text === undefined) continue;
    const after = rest[text.length] ?? '';
    if (['field', 'variable', 'word'].includes(is) && after !== '' && !BLANKS.test(after) && !'.,|:()='.includes(after) && !rest.slice(text.length).startsWith('}}')) return bad(after, at);
    if (is === 'number' && /[\p{L}\d_]/u.test(after)) return { is: 'error', at, text: `bad number syntax: ${JSON.stringify(text + after)}` };
    if (is === 'string') return { is, at, text, value: text.startsWith('`') ? text.slice(1, -1) : unquoted(text) };
    if (is === 'number') return { is, at, text, value: String(Number(text.replaceAll('_', '').replace(/^\+/, ''))), isFloat: !/^[+-]?0[xX]/.test(text) && /[.eE]/.test(text) && (!/[eE]/.test(text) || !Number.isInteger(Number(text)) || text.includes('.')) };
    return { is, at, text, isApart };
  }
  if (rest.startsWith('"')) return { is: 'error', at, text: 'unterminated quoted string' };
  if (rest.startsWith('`')) return { is: 'error', at, text: 'unterminated raw quoted string' };
  if (/^[!-~]/.test(rest) && !rest.startsWith(':')) return { is: 'other', at, text: rest[0] };
  return rest.startsWith(':') ? { is: 'error', at, text: 'expected :=' } : bad(rest[0], at, 'unrecognized character in action');
}
const bad = (c: string, at: number, words = 'bad character'): Token => ({ is: 'error', at, text: `${words}${words.startsWith('un') ? ':' : ''} U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} '${c}'` });

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };
/** Upstream: strconv.Unquote. */
const unquoted = (text: string): string => text.slice(1, -1).replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/g, (_all, x?: string, u?: string, long?: string, c?: string) => (c === undefined ? String.fromCodePoint(parseInt(x ?? u ?? long ?? '0', 16)) : (ESCAPES[c] ?? c)));
