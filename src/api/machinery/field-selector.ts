/** 'spec.nodeName=worker-1,status.phase!=Running'. Upstream: staging/src/k8s.io/apimachinery/pkg/fields/selector.go (v1.36). Simplified: nothing. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Throws an Error in upstream's words when the text is no selector. Commas, equal signs and backslashes in a value stand behind a backslash. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  return terms(text)
    .filter((term) => term !== '')
    .map((term) => {
      const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
      if (!match) throw new Error(`invalid selector: '${text}'; can't understand '${term}'`);
      return { field: match[1], operator: match[2] === '!=' ? '!=' : '=', value: unescaped(match[3]) };
    });
}

const terms = (text: string): readonly string[] => text.match(/(?:\\.|[^,\\]|\\$)+/gs) ?? [];

/** Go prints a character as its number. */
function unescaped(value: string): string {
  return value.replace(/\\.?|[,=]/gsu, (found) => {
    if (/^\\[\\,=]$/.test(found)) return found[1];
    throw new Error(
      found.startsWith('\\')
        ? `invalid field selector: invalid escape sequence: ${found}`
        : `invalid field selector: unescaped character in value: ${found.codePointAt(0)}`,
    );
  });
}

export function matchesFields(requirements: readonly FieldRequirement[], fields: Readonly<Record<string, string>>): boolean {
  return requirements.every(
    ({ field, operator, value }) => ((Object.hasOwn(fields, field) ? fields[field] : '') === value) === (operator === '='),
  );
}
