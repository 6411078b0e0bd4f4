/** The part of kubectl's JSONPath that people use: {.a.b[0]}, {.items[*].x}, {.items[?(@.a=="b")].c}, dots after a backslash, {range …}{end}, quoted text. Upstream: client-go/util/jsonpath. */
export function jsonPath(template: string, root: unknown): string {
  const tokens = template.replace(/^'|'$/g, '').match(/\{[^}]*\}|[^{]+/g) ?? [];
  return render(tokens, 0, tokens.length, root);
}

function render(tokens: readonly string[], from: number, to: number, root: unknown): string {
  let out = '';
  for (let i = from; i < to; i++) {
    const token = tokens[i];
    if (!token.startsWith('{')) { out += token; continue; }
    const body = token.slice(1, -1).trim();
    const range = /^range\s+(.+)$/.exec(body);
    if (range) {
      const end = tokens.indexOf('{end}', i);
      for (const item of select(range[1], root)) out += render(tokens, i + 1, end < 0 ? to : end, item);
      i = end < 0 ? to : end;
      continue;
    }
    const quoted = /^"(.*)"$/.exec(body);
    out += quoted ? quoted[1].replace(/\\n/g, '\n').replace(/\\t/g, '\t') : select(body, root).map((v) => (typeof v === 'object' ? JSON.stringify(v) : String(v))).join(' ');
  }
  return out;
}

const PARTS = /\.(?:\\.|[^.[\]])+|\[\?\(.*?\)\]|\[[^\]]+\]/g;

function select(path: string, root: unknown): readonly unknown[] {
  let found: readonly unknown[] = [root];
  for (const part of path.replace(/^\$?@?/, '').match(PARTS) ?? []) {
    const index = /^\[(.+)\]$/.exec(part)?.[1];
    const condition = /^\?\((.*)\)$/.exec(index ?? '')?.[1];
    found = found.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return [];
      if (condition !== undefined) return membersOf(value).filter((member) => holds(condition, member));
      if (index === '*' || part === '.*') return membersOf(value);
      const key = index === undefined ? part.slice(1).replace(/\\\./g, '.') : index.replace(/^['"]|['"]$/g, '');
      const next = Array.isArray(value) ? (value as readonly unknown[])[Number(key) < 0 ? value.length + Number(key) : Number(key)] : Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
      return next === undefined ? [] : [next];
    });
  }
  return found;
}

const membersOf = (value: object): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value));

/** '@.type=="Ready"', '@.restartCount > 3', or '@.spec.nodeName' when it is enough that it is there. */
function holds(condition: string, member: unknown): boolean {
  const [, left, operator, right] = /^(.*?)\s*(==|!=|>=|<=|>|<)\s*(.*)$/.exec(condition.trim()) ?? [];
  if (operator === undefined) return select(condition.trim(), member).length > 0;
  const [a, b] = [valueOf(left.trim(), member), valueOf(right.trim(), member)];
  if (a === undefined) return false;
  if (operator === '==' || operator === '!=') return (String(a) === String(b)) === (operator === '==');
  const order = typeof a === 'number' && !Number.isNaN(Number(b)) ? a - Number(b) : String(a) < String(b) ? -1 : Number(String(a) > String(b));
  return { '>': order > 0, '<': order < 0, '>=': order >= 0, '<=': order <= 0 }[operator] ?? false;
}

const valueOf = (text: string, member: unknown): unknown => (text.startsWith('@') ? select(text, member)[0] : text.replace(/^(['"])(.*)\1$/, '$2'));
