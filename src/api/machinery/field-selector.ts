/** 'spec.nodeName=worker-1,status.phase!=Running'. Upstream: staging/src/k8s.io/apimachinery/pkg/fields/selector.go (v1.36). Simplified: nothing. */
export interface FieldRequirement { readonly field: string; readonly operator: '=' | '!='; readonly value: string }

/** Throws an Error when the text is no selector. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  return text.split(',').map((part) => part.trim()).filter((part) => part !== '').map((part) => {
    const match = /^([^=!]+?)\s*(!=|==|=)\s*(.*)$/.exec(part);
    if (!match) throw new Error(`invalid selector: ${JSON.stringify(text)}; can't understand ${JSON.stringify(part)}`);
    return { field: match[1], operator: match[2] === '!=' ? '!=' : '=', value: match[3] };
  });
}

export function matchesFields(requirements: readonly FieldRequirement[], fields: Readonly<Record<string, string>>): boolean {
  return requirements.every(({ field, operator, value }) => ((Object.hasOwn(fields, field) ? fields[field] : '') === value) === (operator === '='));
}
