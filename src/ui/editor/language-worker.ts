/** Reads manifests for the editor, off the page: a text of any size or malice costs this worker and nothing else. */
import { complete } from '../../api/manifest/complete.ts';
import { hover } from '../../api/manifest/hover.ts';
import { marksIn } from '../../api/manifest/marks.ts';
import { parseManifest } from '../../api/manifest/parse.ts';
import { fieldModel } from '../../api/schema/definitions.ts';
import type { Answered, Answers, Asked, Question } from './language-protocol.ts';

const scope = self as unknown as { postMessage(message: Answered): void; onmessage: ((event: MessageEvent<Asked>) => void) | null };

/** Upstream's words for a field, or for its type where the field has none; without the file there are none. */
async function describe(field: string): Promise<string> {
  const [model, name] = field.split('.');
  try {
    const { default: known } = await import('../../api/schema/descriptions.ts');
    return known[field] ?? known[fieldModel(model, name) ?? ''] ?? '';
  } catch {
    return '';
  }
}

function answer(question: Question): Answers[Question['do']] | Promise<string> {
  switch (question.do) {
    case 'check': {
      const { objects, diagnostics } = parseManifest(question.text);
      return { problems: diagnostics, marks: objects.length > 0 ? marksIn(question.text) : [], objects: objects.length };
    }
    case 'complete':
      return complete(question.text, question.offset);
    case 'hover':
      return hover(question.text, question.offset);
    case 'describe':
      return describe(question.field);
  }
}

scope.onmessage = ({ data }) =>
  void Promise.resolve(answer(data.question)).then((found) => scope.postMessage({ id: data.id, answer: found }));
