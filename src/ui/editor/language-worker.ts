/** Reads manifests for the editor, off the page: a text of any size or malice costs this worker and nothing else. */
import { complete } from '../../api/manifest/complete.ts';
import { hover } from '../../api/manifest/hover.ts';
import { marksIn } from '../../api/manifest/marks.ts';
import { parseManifest } from '../../api/manifest/parse.ts';
import { fieldModel } from '../../api/schema/definitions.ts';
import type { Answered, Answers, Asked, Question } from './language-protocol.ts';

const scope = self as unknown as { postMessage(message: Answered): void; onmessage: ((event: MessageEvent<Asked>) => void) | null };
let descriptions: Promise<Readonly<Record<string, string>>> | undefined;

/** Upstream's words for a field, or for its type where the field has none; without the file there are none. */
async function describe(field: string, docs: string): Promise<string> {
  descriptions ??= fetch(docs).then((response) => (response.ok ? (response.json() as Promise<Record<string, string>>) : {}));
  const [model, name] = field.split('.');
  try { const known = await descriptions; return known[field] ?? known[fieldModel(model, name) ?? ''] ?? ''; } catch { descriptions = undefined; return ''; }
}

function answer(question: Question, docs: string): Answers[Question['do']] | Promise<string> {
  switch (question.do) {
    case 'check': { const { objects, diagnostics } = parseManifest(question.text); return { problems: diagnostics, marks: objects.length > 0 ? marksIn(question.text) : [], objects: objects.length }; }
    case 'complete': return complete(question.text, question.offset);
    case 'hover': return hover(question.text, question.offset);
    case 'describe': return describe(question.field, docs);
  }
}

scope.onmessage = ({ data }) => void Promise.resolve(answer(data.question, data.docs)).then((found) => scope.postMessage({ id: data.id, answer: found }));
