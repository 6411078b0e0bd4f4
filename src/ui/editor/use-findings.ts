/** Checks a text when the typing pauses; only the newest text's findings count. */
import { useEffect, useState } from 'react';
import { useStore } from '../app/store.ts';
import type { Findings } from './language-protocol.ts';
import { check } from './language.ts';

const CHECK_AFTER_MS = 250;
/** The first check leaves the processor to the stage. */
const FIRST_AFTER_MS = 900;
const NONE: Findings = { problems: [], marks: [], objects: 0 };

export interface Checked {
  readonly findings: Findings;
  /** Of this text, not of an earlier one. */
  readonly isNow: boolean;
}

export function useFindings(text: string): Checked {
  const [found, setFound] = useState<{ readonly text: string; readonly findings: Findings }>();
  const isBooting = useStore((s) => s.status === 'booting');
  const isFirst = found === undefined;
  useEffect(() => {
    if (isBooting) return undefined;
    let isStale = false;
    const timer = window.setTimeout(
      () =>
        void check(text).then((findings) => {
          if (!isStale) setFound({ text, findings });
        }),
      isFirst ? FIRST_AFTER_MS : CHECK_AFTER_MS,
    );
    return () => {
      isStale = true;
      window.clearTimeout(timer);
    };
    // oxlint-disable-next-line react/exhaustive-deps -- only the text and the boot start a check
  }, [text, isBooting]);
  return { findings: found?.findings ?? NONE, isNow: found?.text === text };
}
