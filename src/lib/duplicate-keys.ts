/** The paths of the members that a JSON text names twice, as Go's strict decoder writes them: 'spec.containers[0].image'. The text is known to be JSON. */
export function duplicateKeys(text: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  const blank = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const string = (): string => {
    const start = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    return JSON.parse(text.slice(start, ++at)) as string;
  };
  /** Members or items, up to the bracket that closes. */
  const each = (close: string, one: (i: number) => void): void => {
    at++;
    for (let i = 0; ; i++) {
      blank();
      if (text[at] === close) {
        at++;
        return;
      }
      if (text[at] === ',') {
        at++;
        blank();
      }
      one(i);
    }
  };
  const value = (path: string): void => {
    blank();
    if (text[at] === '{') {
      const seen = new Set<string>();
      each('}', () => {
        const key = string();
        const inner = path === '' ? key : `${path}.${key}`;
        if (seen.has(key)) found.push(inner);
        seen.add(key);
        blank();
        at++;
        value(inner);
      });
    } else if (text[at] === '[') each(']', (i) => value(`${path}[${i}]`));
    else if (text[at] === '"') string();
    else while (at < text.length && !/[\s,\]}]/.test(text[at])) at++;
  };
  value('');
  return [...new Set(found)];
}
