/** The words of Go's templates. Upstream: Go's text/template/parse/lex.go, node.go newNumber. Simplified: no complex numbers, no hexadecimal fractions. */
export interface Token {
  readonly is:
    | 'text'
    | 'open'
    | 'close'
    | 'word'
    | 'field'
    | 'variable'
    | 'string'
    | 'number'
    | 'declare'
    | 'character'
    | '.'
    | ','
    | '|'
    | '('
    | ')'
    | 'other'
    | 'error'
    | 'end of text';
  readonly at: number;
  readonly text: string;
  /** Of a string. */
  readonly value?: string;
  /** A blank stands before it. */
  readonly isApart?: boolean;
  /** It ends a comment. */
  readonly isComment?: boolean;
}

const BLANKS = /[ \t\r\n]/;
const NUMBER =
  /^[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/;
/** Longest first where one begins another. */
const FORMS: readonly (readonly [Token['is'], RegExp])[] = [
  ['declare', /^(?::=|=)/],
  ['string', /^"(?:[^"\\\n]|\\[^\n])*"/],
  ['string', /^`[^`]*`/],
  ['character', /^'(?:[^'\\\n]|\\[^\n])*'/],
  ['variable', /^\$[\p{L}\p{Nd}_]*(?:\.[\p{L}_][\p{L}\p{Nd}_]*)*/u],
  ['number', /^(?=[+-]|\d|\.\d)/],
  ['field', /^(?:\.[\p{L}_][\p{L}\p{Nd}_]*)+/u],
  ['.', /^\./],
  ['word', /^[\p{L}_][\p{L}\p{Nd}_]*/u],
  [',', /^,/],
  ['|', /^\|/],
  ['(', /^\(/],
  [')', /^\)/],
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

const trimmed = (text: string, left: boolean, right: boolean): string => {
  const start = left ? text.replace(/^[ \t\r\n]+/, '') : text;
  return right ? start.replace(/[ \t\r\n]+$/, '') : start;
};

/** Up to behind the '}}'; undefined after an error. */
function action(source: string, from: number, tokens: Token[]): { readonly at: number; readonly trims: boolean } | undefined {
  const fail = (text: string, at: number): undefined => {
    tokens.push({ is: 'error', at, text });
    return undefined;
  };
  let at = from;
  const begun = source[at - 1] === '-' ? /^[ \t\r\n]/ : /^/;
  const comment = new RegExp(`${begun.source}/\\*[\\s\\S]*?\\*/`).exec(source.slice(at));
  if (new RegExp(`${begun.source}/\\*`).test(source.slice(at))) {
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
    if (rest === '') return fail('unclosed action', at + gap.length);
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
    if (is === 'number') return numberWord(rest, at, isApart);
    const after = rest[text.length] ?? '';
    if (
      ['field', 'variable', 'word'].includes(is) &&
      after !== '' &&
      !BLANKS.test(after) &&
      !'.,|:()'.includes(after) &&
      !rest.slice(text.length).startsWith('}}')
    )
      return bad(String.fromCodePoint(rest.codePointAt(text.length) ?? 0), at);
    return is === 'string'
      ? { is, at, text, isApart, value: text.startsWith('`') ? text.slice(1, -1).replaceAll('\r', '') : unquoted(text) }
      : { is, at, text, isApart };
  }
  const kind = { '"': 'quoted string', '`': 'raw quoted string', "'": 'character constant' }[rest[0]];
  if (kind !== undefined) return { is: 'error', at, text: `unterminated ${kind}` };
  if (/^[!-~]/.test(rest) && !rest.startsWith(':')) return { is: 'other', at, text: rest[0], isApart };
  return rest.startsWith(':')
    ? { is: 'error', at, text: 'expected :=' }
    : bad(String.fromCodePoint(rest.codePointAt(0) ?? 0), at, 'unrecognized character in action');
}

function numberWord(rest: string, at: number, isApart: boolean): Token {
  const wrong = (text: string): Token => ({ is: 'error', at, text: `bad number syntax: ${JSON.stringify(text)}` });
  const scan = (from: number): { readonly text: string; readonly isRight: boolean } => {
    const text = NUMBER.exec(rest.slice(from))?.[0] ?? '';
    const [next] = rest.slice(from + text.length);
    return /[\p{L}\p{Nd}_]/u.test(next ?? '') ? { text: text + next, isRight: false } : { text, isRight: true };
  };
  const first = scan(0);
  if (!first.isRight) return wrong(first.text);
  if (!/^[+-]/.test(rest.slice(first.text.length))) return { is: 'number', at, text: first.text, isApart };
  const second = scan(first.text.length);
  const text = first.text + second.text;
  return second.isRight && text.endsWith('i') ? { is: 'number', at, text, isApart } : wrong(text);
}
const bad = (c: string, at: number, words = 'bad character'): Token => ({
  is: 'error',
  at,
  text: `${words}${words.startsWith('un') ? ':' : ''} U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}${/\p{C}|\p{Zl}|\p{Zp}/u.test(c) ? '' : ` '${c}'`}`,
});

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\' };
/** Undefined when it cannot be read. Upstream: strconv.Unquote, UnquoteChar. */
export function unquoted(text: string): string | undefined {
  let isWrong = false;
  const out = text
    .slice(1, -1)
    .replace(
      /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/g,
      (_all, x?: string, u?: string, long?: string, octal?: string, c?: string) => {
        const plain = c === undefined ? undefined : c === text[0] ? c : ESCAPES[c];
        const code = octal === undefined ? parseInt(x ?? u ?? long ?? '', 16) : parseInt(octal, 8);
        if (
          c === undefined
            ? code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || (octal !== undefined && code > 255)
            : plain === undefined
        )
          isWrong = true;
        return isWrong ? '' : (plain ?? String.fromCodePoint(code));
      },
    );
  return isWrong ? undefined : out;
}

const INTEGER = /^[+-]?(?:0|[1-9](?:_?\d)*|0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+)$/;
const FRACTION = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** What a number is, or what is wrong with it. */
export function numberOfWord(text: string): { readonly value: number; readonly isFloat: boolean } | { readonly error: string } {
  if (INTEGER.test(text)) {
    const digits = text
      .replaceAll('_', '')
      .replace(/^[+-]/, '')
      .replace(/^0(?=\d)/, '0o');
    const value = BigInt(digits) * (text.startsWith('-') ? -1n : 1n);
    return BigInt.asIntN(64, value) === value
      ? { value: Number(value), isFloat: false }
      : { error: `integer overflow: ${JSON.stringify(text)}` };
  }
  if (!FRACTION.test(text) || !Number.isFinite(Number(text))) return { error: `illegal number syntax: ${JSON.stringify(text)}` };
  return /[.eE]/.test(text) ? { value: Number(text), isFloat: true } : { error: `integer overflow: ${JSON.stringify(text)}` };
}
