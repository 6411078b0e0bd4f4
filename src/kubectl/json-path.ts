/** The part of kubectl's JSONPath that people use: {.a.b[0]}, {.items[*].x}, {range …}{end}, quoted text. Upstream: client-go/util/jsonpath. */
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

function select(path: string, root: unknown): readonly unknown[] {
  let found: readonly unknown[] = [root];
  for (const part of path.replace(/^\$?@?/, '').match(/\.[^.[\]]+|\[[^\]]+\]/g) ?? []) {
    const index = /^\[(.+)\]$/.exec(part)?.[1];
    found = found.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return [];
      if (index === '*') return Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value);
      const key = index === undefined ? part.slice(1).replace(/\\\./g, '.') : index.replace(/^['"]|['"]$/g, '');
      const next = Array.isArray(value) ? (value as readonly unknown[])[Number(key) < 0 ? value.length + Number(key) : Number(key)] : Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
      return next === undefined ? [] : [next];
    });
  }
  return found;
}
