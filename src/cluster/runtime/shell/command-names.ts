/** The names of PROGRAMS (commands.ts), beside their code: whoever only asks whether there is such a command does without it. */
export const COMMAND_NAMES: ReadonlySet<string> = new Set(
  '[ awk base64 basename cat cp curl cut date dig dirname echo egrep env expr false fgrep find grep head hostname id ifconfig ip kill killall ls md5sum mkdir mv nc netstat nice nl nohup nslookup ping pkill printenv printf ps pwd rev rm route sed seq setsid sha256sum sleep sort ss tac tail tee test time timeout touch tr true uname uniq wc wget which whoami xargs yes'.split(
    ' ',
  ),
);
