import type { Command } from '../../engine/session.ts';
import { keyName } from '../../lib/control-keys.ts';

/** A command in a few words, for "Undo …". */
export function commandText(command: Command): string {
  if (command.do === 'kubectl') return `kubectl ${command.args.join(' ')}`;
  if (command.do === 'connect') return `curl ${command.connect.to}`;
  if (command.do === 'lookup') return `nslookup ${command.lookup.name}`;
  if ('what' in command) return `${command.do} ${command.what}`;
  if (command.do === 'hang-up') return 'Ctrl-C';
  if (command.do === 'type') return keyName(command.text) ?? (command.text.trim() || 'Enter');
  return 'b' in command ? `${command.do} ${command.b}` : command.do;
}
