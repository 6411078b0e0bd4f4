import type { KeyboardEvent } from 'react';

/** A closed select would take a key for a choice, and act: it opens instead. Enter, Space and Alt + ↓ open it anyway. */
export function openOnKey(event: KeyboardEvent<HTMLSelectElement>): void {
  const isChoice = /^(ArrowUp|ArrowDown|Home|End|Page.*|[^ ])$/.test(event.key) && !event.altKey && !event.ctrlKey && !event.metaKey;
  if (!isChoice || !('showPicker' in event.currentTarget)) return;
  event.preventDefault();
  event.currentTarget.showPicker();
}
