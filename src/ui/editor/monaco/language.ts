/** Completion, hover and quick fixes for manifests: thin glue between Monaco's providers and the language worker. Registered once. */
import type { Suggestion } from '../../../api/manifest/complete.ts';
import type { Hover } from '../../../api/manifest/hover.ts';
import type { Diagnostic } from '../../../api/manifest/parse.ts';
import { tooLong } from '../../../api/manifest/limits.ts';
import { ask } from '../language.ts';
import type { Position } from 'monaco-editor/editor/editor.api';
import { editor, languages, MarkerSeverity, Range, yamlTokens } from './core.ts';

const OWNER = 'manifest';
const SORTS = {
  key: languages.CompletionItemKind.Field,
  value: languages.CompletionItemKind.Value,
  object: languages.CompletionItemKind.Struct,
} as const;
const NOT_SIMULATED = '**Accepted, not simulated.** It is checked and stored as Kubernetes does; nothing here acts on it.';
/** Field descriptions are Markdown already, nearly: only what could be read as HTML must not be. */
const prose = (text: string): string => text.replace(/</g, '&lt;').replace(/\\n/g, '\n');

interface Fielded extends languages.CompletionItem {
  readonly field?: string;
  readonly isInert: boolean;
}
const fixes = new Map<string, readonly Diagnostic[]>();

export function registerLanguage(): void {
  languages.register({ id: 'yaml', extensions: ['.yaml', '.yml'] });
  languages.setMonarchTokensProvider('yaml', yamlTokens);
  languages.setLanguageConfiguration('yaml', {
    comments: { lineComment: '#' },
    brackets: [
      ['{', '}'],
      ['[', ']'],
    ],
    autoClosingPairs: [
      { open: '{', close: '}' },
      { open: '[', close: ']' },
      { open: '"', close: '"', notIn: ['string', 'comment'] },
      { open: "'", close: "'", notIn: ['string', 'comment'] },
    ],
    folding: { offSide: true },
    onEnterRules: [
      { beforeText: /^\s*- [^#]*:\s*$/, action: { indentAction: languages.IndentAction.None, appendText: '    ' } },
      { beforeText: /:\s*$/, action: { indentAction: languages.IndentAction.Indent } },
      { beforeText: /^\s*- \S.*$/, action: { indentAction: languages.IndentAction.None, appendText: '  ' } },
    ],
  });
  languages.registerCompletionItemProvider('yaml', {
    triggerCharacters: [' '],
    provideCompletionItems: completions,
    resolveCompletionItem: described,
  });
  languages.registerHoverProvider('yaml', { provideHover: hovered });
  languages.registerCodeActionProvider('yaml', { provideCodeActions: quickFixes }, { providedCodeActionKinds: ['quickfix'] });
}

async function completions(model: editor.ITextModel, position: Position): Promise<languages.CompletionList> {
  const text = model.getValue();
  const found = tooLong(text) === undefined ? await ask({ do: 'complete', text, offset: model.getOffsetAt(position) }) : undefined;
  if (!found || model.isDisposed()) return { suggestions: [] };
  const [from, to] = [model.getPositionAt(found.from), model.getPositionAt(found.to)];
  const range = Range.fromPositions(from, to);
  return { suggestions: found.items.map((item, i) => itemOf(item, i, range)) };
}

function itemOf(item: Suggestion, i: number, range: Range): Fielded {
  const opensMore = item.insert.endsWith('$0') && item.continues;
  return {
    label: { label: item.label, description: item.detail },
    kind: SORTS[item.sort],
    insertText: item.insert,
    range,
    sortText: String(i).padStart(4, '0'),
    filterText: item.label,
    isInert: item.isInert,
    // A word that is no snippet and is written already lets Enter through.
    insertTextRules:
      languages.CompletionItemInsertTextRule.KeepWhitespace |
      (item.insert.includes('$0') ? languages.CompletionItemInsertTextRule.InsertAsSnippet : 0),
    ...(item.id === undefined ? {} : { field: item.id }),
    ...(opensMore ? { command: { id: 'editor.action.triggerSuggest', title: 'more' } } : {}),
  };
}

async function described(item: languages.CompletionItem): Promise<languages.CompletionItem> {
  const { field, isInert } = item as Fielded;
  const words = field === undefined ? '' : ((await ask({ do: 'describe', field })) ?? '');
  const label = typeof item.label === 'string' ? { label: item.label, description: '' } : item.label;
  return {
    ...item,
    documentation: {
      value: [`**${label.label}** · ${label.description ?? ''}`, isInert ? NOT_SIMULATED : '', prose(words)]
        .filter((s) => s !== '')
        .join('\n\n'),
    },
  };
}

async function hovered(model: editor.ITextModel, position: Position): Promise<languages.Hover | null> {
  const text = model.getValue();
  const found = tooLong(text) === undefined ? await ask({ do: 'hover', text, offset: model.getOffsetAt(position) }) : undefined;
  if (!found || model.isDisposed()) return null;
  const words = (await ask({ do: 'describe', field: found.id })) ?? '';
  return {
    range: Range.fromPositions(model.getPositionAt(found.from), model.getPositionAt(found.to)),
    contents: [
      { value: `**${found.path}**\n\n${factsOf(found)}` },
      ...(found.isInert ? [{ value: NOT_SIMULATED }] : []),
      ...(words === '' ? [] : [{ value: prose(words) }]),
    ],
  };
}

const factsOf = (found: Hover): string =>
  [
    found.type,
    found.isRequired ? 'required' : '',
    found.defaultText === undefined ? '' : `default \`${found.defaultText}\``,
    found.values ? `one of ${found.values.map((v) => `\`${v}\``).join(', ')}` : '',
  ]
    .filter((s) => s !== '')
    .join(' · ');

export function markProblems(model: editor.ITextModel, problems: readonly Diagnostic[]): void {
  fixes.set(
    model.uri.toString(),
    problems.filter((p) => p.fix !== undefined),
  );
  editor.setModelMarkers(
    model,
    OWNER,
    problems.map((p) => ({
      startLineNumber: p.line,
      startColumn: p.column,
      endLineNumber: p.endLine,
      endColumn: Math.max(p.endColumn, p.line === p.endLine ? p.column + 1 : 1),
      severity: p.severity === 'error' ? MarkerSeverity.Error : MarkerSeverity.Warning,
      message: p.hint === undefined ? p.message : `${p.message}\n${p.hint}`,
    })),
  );
}

function quickFixes(model: editor.ITextModel, range: Range, context: languages.CodeActionContext): languages.CodeActionList {
  const near = (fixes.get(model.uri.toString()) ?? []).filter((p) => Range.areIntersectingOrTouching(range, spanRange(p)));
  const actions = near.map((p): languages.CodeAction => ({
    title: `write ${p.fix}`,
    kind: 'quickfix',
    isPreferred: true,
    diagnostics: context.markers.filter((m) => m.startLineNumber === p.line && m.startColumn === p.column),
    edit: { edits: [{ resource: model.uri, versionId: model.getVersionId(), textEdit: { range: spanRange(p), text: p.fix ?? '' } }] },
  }));
  return { actions, dispose: () => undefined };
}
const spanRange = (p: Diagnostic): Range => new Range(p.line, p.column, p.endLine, p.endColumn);
