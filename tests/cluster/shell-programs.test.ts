/** sed, awk, expr and the other programs of scripts: what they print and end with is busybox 1.35's; where there is one it is asked itself. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cluster } from '../../src/engine/headless.ts';
import { openBox, printedBy } from './real-shell.ts';

let cluster: Cluster;
const applets = mkdtempSync(join(tmpdir(), 'applets-'));
const isBusybox = spawnSync('busybox', ['--install', '-s', applets]).status === 0;
beforeAll(() => {
  cluster = openBox();
});
afterAll(() => rmSync(applets, { recursive: true }));

const busybox = (script: string): readonly [string, number | null] => printedBy(join(applets, 'sh'), script, applets);

const LINES = 'printf "one 1\\ntwo 2\\nthree 3\\n" | ';
const PASSWD = 'printf "root:x:0:0:root:/root:/bin/sh\\nnobody:x:65534:65534::/home:/bin/false\\n" | ';
it.each<[string, string, number?]>([
  // sed
  [`${LINES}sed s/o/0/`, '0ne 1\ntw0 2\nthree 3\n'],
  ["printf 'a \\t b\\n' | awk -F '[[:space:]]+' '{print $2}'", 'b\n'],
  [`${LINES}sed 's/e/E/g'`, 'onE 1\ntwo 2\nthrEE 3\n'],
  [`${LINES}sed 's/e/E/2'`, 'one 1\ntwo 2\nthreE 3\n'],
  [`${LINES}sed -n 2p`, 'two 2\n'],
  [`${LINES}sed -n '2,$p'`, 'two 2\nthree 3\n'],
  [`${LINES}sed '1d;3d'`, 'two 2\n'],
  [`${LINES}sed '$d'`, 'one 1\ntwo 2\n'],
  [`${LINES}sed '/two/d'`, 'one 1\nthree 3\n'],
  [`${LINES}sed '/two/!d'`, 'two 2\n'],
  [`${LINES}sed -n '/one/,/two/p'`, 'one 1\ntwo 2\n'],
  [`${LINES}sed -n 's/three/3/p'`, '3 3\n'],
  [`${LINES}sed -e s/one/1/ -e s/two/2/`, '1 1\n2 2\nthree 3\n'],
  [`${LINES}sed 's#\\([a-z]*\\) \\([0-9]\\)#\\2 \\1#'`, '1 one\n2 two\n3 three\n'],
  [`${LINES}sed -E 's/([a-z]+) ([0-9]+)/[\\2] &/'`, '[1] one 1\n[2] two 2\n[3] three 3\n'],
  [`${LINES}sed -r 's/^(.)(.*)$/\\2\\1/;q'`, 'ne 1o\n'],
  [`${LINES}sed 's|one|/a/b|;s/ .*//'`, '/a/b\ntwo\nthree\n'],
  [`${LINES}sed '2a after'`, 'one 1\ntwo 2\nafter\nthree 3\n'],
  [`${LINES}sed '1i\\before'`, 'before\none 1\ntwo 2\nthree 3\n'],
  [`${LINES}sed '/two/c instead'`, 'one 1\ninstead\nthree 3\n'],
  [`${LINES}sed -n '/two/{s/t/T/;p}'`, 'Two 2\n'],
  [`${LINES}sed 's/ONE/x/I'`, 'x 1\ntwo 2\nthree 3\n'],
  [`${LINES}sed -n '$='`, '3\n'],
  ['printf "a=1\\n# c\\n\\nb=2\\n" | sed "/^#/d;/^$/d"', 'a=1\nb=2\n'],
  ['echo "  trim  " | sed "s/^[[:space:]]*//;s/[[:space:]]*$//" | tr " " .', 'trim\n'],
  ['echo key=old > /tmp/w/c; sed -i "s/^key=.*/key=new/" /tmp/w/c; cat /tmp/w/c', 'key=new\n'],
  ['v=x; echo __A__ > /tmp/w/c; sed "s/__A__/$v/g" /tmp/w/c > /tmp/w/d; cat /tmp/w/d', 'x\n'],
  ['printf "no end" | sed s/no/the/', 'the end'],
  // awk
  [`${LINES}awk '{print $1}'`, 'one\ntwo\nthree\n'],
  [`${LINES}awk '{print $2, $1}'`, '1 one\n2 two\n3 three\n'],
  [`${LINES}awk 'NR==2'`, 'two 2\n'],
  [`${LINES}awk 'NR>1 {print $1 "-" NR}'`, 'two-2\nthree-3\n'],
  [`${LINES}awk '{s+=$2} END {print s}'`, '6\n'],
  [`${LINES}awk '/t/ {n++} END {print n}'`, '2\n'],
  [`${LINES}awk '$2 >= 2 && $1 != "two" {print $NF}'`, '3\n'],
  [`${LINES}awk 'END{print NR, $1}'`, '3 three\n'],
  [`${LINES}awk '$1 ~ /^t/ {print toupper($1), length($1)}'`, 'TWO 3\nTHREE 5\n'],
  [`${LINES}awk '{printf "%-6s|%3d|\\n", $1, $2}'`, 'one   |  1|\ntwo   |  2|\nthree |  3|\n'],
  [`${LINES}awk -v n=2 '$2==n {print "found", $1; exit}'`, 'found two\n'],
  [`${LINES}awk 'BEGIN {print "start"} {if ($2 % 2) print "odd"; else print "even"} END {print "end"}'`, 'start\nodd\neven\nodd\nend\n'],
  [`${LINES}awk '{a[$1]=$2} END {print a["two"], ("one" in a), ("x" in a)}'`, '2 1 0\n'],
  [`${LINES}awk '{gsub(/e/, "E"); print}' | head -n 1`, 'onE 1\n'],
  [`${LINES}awk '{sub("t", "T", $1); print $0}' | tail -n 1`, 'Three 3\n'],
  [`${LINES}awk '/one/,/two/ {print NR}'`, '1\n2\n'],
  [`${LINES}awk '{$2=""; print $0 "."}' | head -n 1`, 'one .\n'],
  [`${LINES}awk 'NR==1{next} {print}'`, 'two 2\nthree 3\n'],
  [`${LINES}awk '!seen[$2 % 2]++'`, 'one 1\ntwo 2\n'],
  [`${PASSWD}awk -F: '{print $1, $7}'`, 'root /bin/sh\nnobody /bin/false\n'],
  [`${PASSWD}awk -F ':' '$3 > 1000 {print $1}'`, 'nobody\n'],
  [`${PASSWD}awk 'BEGIN{FS=":"; OFS=","} {print $1,$3}'`, 'root,0\nnobody,65534\n'],
  [`${PASSWD}awk -F'[:/]' '{print NF}'`, '10\n10\n'],
  ['awk "BEGIN {print 3/2, 7%3, 1e6, 0.1+0.2, 100000*100000}"', '1.5 1 1000000 0.3 10000000000\n'],
  ["awk 'BEGIN {for (i=1; i<=3; i++) s = s i; print s; while (i-- > 2) print i}'", '123\n3\n2\n'],
  ['awk \'BEGIN {n = split("a,b,c", p, ","); print n, p[2]; print substr("hello", 2, 3), index("abc", "c")}\'', '3 b\nell 3\n'],
  ['awk \'BEGIN {x = 5; print (x > 3) ? "big" : "small"; print length("abcd"); print -x + 2 * 3}\'', 'big\n4\n1\n'],
  ['echo "10 9 b a" | awk \'{print ($1 > $2), ($3 > $4)}\'', '1 1\n'],
  ['awk \'BEGIN {printf "%.2f %05d %x %s%%\\n", 3.14159, 42, 255, 50}\'', '3.14 00042 ff 50%\n'],
  ['echo a b > /tmp/w/f; awk "{print \\$2}" /tmp/w/f', 'b\n'],
  ['echo x | awk "{exit 3}"', '', 3],
  // expr, basename, dirname
  ['expr 1 + 2', '3\n'],
  ['expr 7 / 2 \\* 3 - 1', '8\n'],
  ['expr 1 - 1', '0\n', 1],
  ['expr 10 \\> 9 ; expr abc = abd', '1\n0\n', 1],
  ['expr web-12 : ".*-\\([0-9]*\\)"', '12\n'],
  ['expr abc : "a."; expr length hello; expr substr hello 2 3; expr index hello l', '2\n5\nell\n3\n'],
  ['expr \\( 1 + 2 \\) \\* 3', '9\n'],
  ['i=0; while [ $i -lt 3 ]; do i=`expr $i + 1`; done; echo $i', '3\n'],
  ['basename /a/b.txt; basename /a/b.txt .txt; basename /a/b/; basename b', 'b.txt\nb\nb\nb\n'],
  ['dirname /a/b.txt; dirname b; dirname /a; dirname a/b/', '/a\n.\n/\na\n'],
  // xargs, timeout, env
  ['echo a b c | xargs echo x', 'x a b c\n'],
  ['printf "a\\nb\\n" | xargs -n 1 echo', 'a\nb\n'],
  ['printf "a\\nb\\n" | xargs -I {} echo "<{}>"', '<a>\n<b>\n'],
  ['seq 5 | xargs -n2 echo', '1 2\n3 4\n5\n'],
  ['echo "echo hi" | xargs -I% sh -c "%"', 'hi\n'],
  ['printf "" | xargs -r echo none', ''],
  ['echo word | xargs', 'word\n'],
  ['timeout 0.1 sleep 5; echo $?', '143\n'],
  ['timeout 5 echo soon', 'soon\n'],
  ['timeout 5 sh -c "exit 7"', '', 7],
  ['timeout -s KILL 5 false', '', 1],
  ['env -i A=1 B="2 3" env', 'A=1\nB=2 3\n'],
  ['env A=1 sh -c \'echo $A\'; echo "[$A]"', '1\n[]\n'],
  ['export A=1; env -u A sh -c \'echo "[$A]"\'', '[]\n'],
  ['setsid echo on', 'on\n'],
  // Sums and codes.
  ['printf abc | md5sum', '900150983cd24fb0d6963f7d28e17f72  -\n'],
  ['printf abc | sha256sum', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n'],
  ['echo hello > /tmp/w/f; md5sum /tmp/w/f | cut -d" " -f1', 'b1946ac92492d2347c6235b4d2611184\n'],
  ['seq 40 | md5sum', '298e3f842e8329c42b1b88a64a818754  -\n'],
  ['echo -n admin | base64', 'YWRtaW4=\n'],
  ['echo YWRtaW4= | base64 -d', 'admin'],
  ['seq 40 | base64 | head -n 1', 'MQoyCjMKNAo1CjYKNwo4CjkKMTAKMTEKMTIKMTMKMTQKMTUKMTYKMTcKMTgKMTkKMjAKMjEKMjIK\n'],
  // Printing.
  ['printf "%5d|%-5s|%05d|%s\\n" 42 ab 7 end', '   42|ab   |00007|end\n'],
  ['printf "%s-%s\\n" a b c', 'a-b\nc-\n'],
  ['printf "%s\\n" "$(seq 2)" x', '1\n2\nx\n'],
  ['printf "%x %o %c %% %.2f %+d\\n" 255 8 word 1.005 3', 'ff 10 w % 1.00 +3\n'],
  ['printf "%b|%s\\n" "a\\tb" "a\\tb"', 'a\tb|a\\tb\n'],
  ['printf "%*d|%.3s\\n" 4 7 abcdef', '   7|abc\n'],
  ['printf "%02d:%02d\\n" 5 7', '05:07\n'],
  ['printf "\\x41\\102\\n"', 'AB\n'],
  ['echo -e "a\\tb\\nc"; echo -n x; echo -ne "y\\n"; echo "a\\tb"', 'a\tb\nc\nxy\na\\tb\n'],
  ['echo -e "stop\\chere"', 'stop'],
  ['seq 2 4; seq 1 3 8; seq 5 -2 1; seq -s , 3; seq 0 0.5 1', '2\n3\n4\n1\n4\n7\n5\n3\n1\n1,2,3\n0.0\n0.5\n1.0\n'],
  ['seq -w 8 10', '08\n09\n10\n'],
  ['printf "a\\nb\\n" | tac; echo abc | rev', 'b\na\ncba\n'],
  ['printf "a\\nb\\n" | nl', '     1\ta\n     2\tb\n'],
  ['let i=1+2; echo $i; i=5; echo $((i++)) $((++i)) $i', '3\n5 7 7\n'],
  [
    'date -u +%Y-%m | grep -c "^20[0-9][0-9]-[01][0-9]$"; date +%T | tr 0-9 d; date +"%H:%M" | wc -c; date "+%F %%" | cut -c5,8,11-',
    '1\ndd:dd:dd\n6\n-- %\n',
  ],
  // grep and sort
  [`${LINES}grep -n t`, '2:two 2\n3:three 3\n'],
  [`${LINES}grep -e one -e two | wc -l`, '2\n'],
  [`${LINES}grep -A 1 one; ${LINES}grep -B1 three`, 'one 1\ntwo 2\ntwo 2\nthree 3\n'],
  [`${LINES}grep -m 1 t`, 'two 2\n'],
  [`${LINES}grep -E "^(one|three)"`, 'one 1\nthree 3\n'],
  [
    'mkdir -p /tmp/w/d; echo needle > /tmp/w/d/f; echo hay > /tmp/w/d/g; grep -rl needle /tmp/w/d; grep -c . /tmp/w/d/f /tmp/w/d/g',
    '/tmp/w/d/f\n/tmp/w/d/f:1\n/tmp/w/d/g:1\n',
  ],
  ['printf "b 2\\na 10\\nc 1\\n" | sort -k2 -n; printf "x:2\\ny:1\\n" | sort -t: -k2', 'c 1\nb 2\na 10\ny:1\nx:2\n'],
  // Names of files.
  [
    'mkdir -p /tmp/w/d; touch /tmp/w/d/a.txt /tmp/w/d/b.txt /tmp/w/d/.hidden; for f in /tmp/w/d/*.txt; do basename $f; done; ls /tmp/w/d | wc -l',
    'a.txt\nb.txt\n2\n',
  ],
  ['cd /tmp/w; touch a1 a2 b1; echo a? [ab]1 *2 "*" [!a]*', 'a1 a2 a1 b1 a2 * b1\n'],
  ['cd /tmp/w; touch "x y"; d="/tmp/w"; for f in "$d"/*; do echo "$f"; done; p="x*"; echo $p', '/tmp/w/x y\nx y\n'],
  ['mkdir -p /tmp/w/c/d; echo /tmp/w/*/d /tmp/w/c*/', '/tmp/w/c/d /tmp/w/c/\n'],
  ['echo /tmp/w/none*', '/tmp/w/none*\n'],
  ['echo ~ ~/x "~"', '/root /root/x ~\n'],
  // find
  [
    'mkdir -p /tmp/w/a/b; touch /tmp/w/a/x.txt /tmp/w/a/b/y.TXT; find /tmp/w | sort',
    '/tmp/w\n/tmp/w/a\n/tmp/w/a/b\n/tmp/w/a/b/y.TXT\n/tmp/w/a/x.txt\n',
  ],
  [
    'mkdir -p /tmp/w/a/b; touch /tmp/w/a/x.txt; cd /tmp/w; find -name "*.txt"; find a/ -type f; find a b -maxdepth 0; echo $?',
    './a/x.txt\na/x.txt\na\n1\n',
  ],
  [
    'mkdir -p /tmp/w/a/b; touch /tmp/w/a/x.txt; cd /tmp/w; find . -mindepth 1 -type d | sort; find . ! -type d; find . -iname "X.T*" -print',
    './a\n./a/b\n./a/x.txt\n./a/x.txt\n',
  ],
  [
    "cd /tmp/w; echo 1 > one; echo 2 > two; find . -type f -exec cat {} ';' | sort; find . -path './t*' -exec echo got {} \\;",
    '1\n2\ngot ./two\n',
  ],
  [
    'find /nope 2>&1; find / -bad 2>&1 | head -1; find -type q 2>&1; find -name 2>&1',
    "find: /nope: No such file or directory\nfind: unrecognized: -bad\nfind: invalid argument 'q' to '-type'\nfind: -name requires an argument\n",
    1,
  ],
  // What is not there.
  ['nosuchthing', '', 127],
  ['git clone x || echo $?', '127\n'],
  ['command -v sed >/dev/null && echo yes; command -v git || echo no', 'yes\nno\n'],
  ['cat < /tmp/w/none; echo $?', '1\n'],
  ['if which kubectl >/dev/null 2>&1; then echo yes; else echo no; fi', 'no\n'],
])('%s', (script: string, printed: string, status = 0) => {
  cluster.kubectl('exec box -- sh -c "rm -r /tmp/w; mkdir -p /tmp/w"');
  const { stdout, exitCode } = cluster.kubectl(['exec', 'box', '--', 'sh', '-c', script]);
  if (isBusybox) expect(busybox(script), 'busybox').toEqual([printed, status]);
  expect([stdout, exitCode]).toEqual([printed, status]);
});

it.each([
  ['git clone x', 'sh: git: not found\n'],
  ['cat < /tmp/w/none', "sh: can't open /tmp/w/none: no such file\n"],
  ['sed p /tmp/w/none', 'sed: /tmp/w/none: No such file or directory\n'],
  ['head /tmp/w/none', 'head: /tmp/w/none: No such file or directory\n'],
  ['tail /tmp/w/none', "tail: can't open '/tmp/w/none': No such file or directory\ntail: no files\n"],
  ['uniq /tmp/w/none', "uniq: can't open '/tmp/w/none': No such file or directory\n"],
  ['expr a + 1', 'expr: non-numeric argument\n'],
])('%s complains', (script, complaint) => {
  const { stderr } = cluster.kubectl(['exec', 'box', '--', 'sh', '-c', script]);
  expect(stderr.replace(/command terminated.*\n/, '')).toBe(complaint);
});

const A = 'a'.repeat(60);
it.each([
  [`echo ${A} | sed -E 's/(a+)+b/x/'`, `${A}\n`],
  [`echo ${A}! | awk '/^([a]*)*$/ {print "all"}'`, ''],
  [`echo ${A}! | grep -Ec '^(\\w+)+$' || echo none`, '0\nnone\n'],
  ["echo 'a((b' | awk -F '((' '{print $2}'", 'b\n'],
  [`echo '[(a+)+]' | sed -E 's/[(a+)+]/x/g'`, '[xxxxx]\n'],
  [`echo aab | sed -E 's/(a+)+/<\\1>/'`, '<aa>b\n'],
  ['x=aaaaaaaaaaaaaaaa; for i in $(seq 1 60); do x=$x$x; done; echo ${#x}', '1000000\n'],
  ['printf "%99999999d" 1 | wc -c', '1000\n'],
  ['printf "%.400f" 1 | wc -c', '102\n'],
  [`awk 'BEGIN{s="aaaaaaaaaaaaaaaa"; for(i=0;i<60;i++) s=s s; print length(s)}' || echo failed`, 'failed\n'],
])('a script that takes all there is hurts nobody: %#', (script, printed) => {
  expect(cluster.kubectl(['exec', 'box', '--', 'sh', '-c', script]).stdout).toBe(printed);
});
