/** The names of PROGRAMS (commands.ts), beside their code: whoever only asks whether there is such a command does without it. */
export const COMMAND_NAMES: ReadonlySet<string> = new Set(
  '[ cat cp curl cut date dig echo egrep env false fgrep grep head hostname id kill killall ls mkdir mv nc nslookup pkill printenv printf ps pwd rm seq sleep sort tail tee test touch tr true uname uniq wc wget whoami'.split(
    ' ',
  ),
);
