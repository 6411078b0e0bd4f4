/** What becomes of objects whose owners go, in sentences. */
import { many } from '../../lib/many.ts';
import type { Sentences } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';

export default {
  'garbagecollector/ownerless': {
    act: 2,
    folds: 'siblings',
    alike: (w) => w.text('kind'),
    title: (w) => `The garbage collector deletes ${w.text('kind')} ${w.text('name')}.`,
    why: (w) => `Its owner, ${w.text('ownerKind')} ${w.text('owner')}, is gone.`,
    doc: `${DOCS}/architecture/garbage-collection/`,
  },
  'garbagecollector/collected': {
    act: 2,
    title: (w) =>
      `${w.text('kind')} ${w.text('name')} waits until ${many(w.number('dependents'), 'dependent')} ${w.number('dependents') === 1 ? 'is' : 'are'} gone.`,
    doc: `${DOCS}/architecture/garbage-collection/#foreground-deletion`,
  },
  'garbagecollector/orphaned': {
    act: 2,
    title: (w) => `${many(w.number('dependents'), 'dependent')} without an owner now, and allowed to stay.`,
    doc: `${DOCS}/architecture/garbage-collection/#orphaned-dependents`,
  },
} satisfies Sentences;
