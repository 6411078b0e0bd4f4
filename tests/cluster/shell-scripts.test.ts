/** Functions, loops, cases, here-documents, `read` and `set -e`: what scripts print and end with is dash 0.5's; where there is one it is asked itself. */
import { spawnSync } from 'node:child_process';
import { beforeAll, expect, it } from 'vitest';
import type { Cluster } from '../../src/engine/headless.ts';
import { isDash, openBox } from './real-shell.ts';

let cluster: Cluster;
beforeAll(() => {
  cluster = openBox();
});

it.each([
  ['case abc in a*) echo A;; *) echo other;; esac', 'A\n', 0],
  ['x=2; case $x in 1|2) echo low;; 3) echo high;; esac', 'low\n', 0],
  ['case "$1" in start) echo s;; *) echo none;; esac', 'none\n', 0],
  ['case x in (x) echo paren;; esac; echo after', 'paren\nafter\n', 0],
  ['case $HOME in\n  /root)\n    echo root\n    ;;\n  *)\n    echo else\nesac\necho end', 'root\nend\n', 0],
  ['case z in a) echo a;; esac; echo $?', '0\n', 0],
  ['case "a b" in "a b") echo quoted;; esac', 'quoted\n', 0],
  ['case x.y in *.y) case q in q) echo nested;; esac;; esac', 'nested\n', 0],
  ['cat <<EOF\nhello $HOME\nEOF', 'hello /root\n', 0],
  ["cat <<'EOF'\nhello $HOME\nEOF", 'hello $HOME\n', 0],
  ['cat <<EOF >/tmp/q\nline\nEOF\ncat /tmp/q', 'line\n', 0],
  ['cat <<-EOF\n\ttabbed\n\tEOF\necho x', 'tabbed\nx\n', 0],
  ['cat <<A; cat <<B\none\nA\ntwo\nB\necho three', 'one\ntwo\nthree\n', 0],
  ['cat <<EOF | grep b\na\nb\nEOF', 'b\n', 0],
  ['cat <<EOF\n$(echo sub) $((1+1)) \\$no\nEOF', 'sub 2 $no\n', 0],
  ['set -e; false; echo no', '', 1],
  ['trap "echo bye" EXIT; echo hi', 'hi\nbye\n', 0],
  ['trap "echo bye; true" 0; echo hi; exit 3', 'hi\nbye\n', 3],
  ["trap 'echo $?' EXIT; exit 4", '4\n', 4],
  ['set -e; trap "echo bye" EXIT; false; echo no', 'bye\n', 1],
  ['trap "exit 5" EXIT; false', '', 5],
  ['trap "echo no" EXIT; trap - EXIT; echo hi', 'hi\n', 0],
  ['trap "echo bye" EXIT; (echo inside); sh -c "echo beside"; echo $(echo sub)', 'inside\nbeside\nsub\nbye\n', 0],
  ['clean() { echo clean $1; }; trap "clean up" EXIT TERM; f() { for x in 1 2; do exit 6; done >/tmp/q; }; f', 'clean up\n', 6],
  ['(trap "echo inner" EXIT; echo x); echo y', 'x\ninner\ny\n', 0],
  ['trap "echo no" EXIT; exec echo last', 'last\n', 0],
  ['set -e; false || echo saved; echo on', 'saved\non\n', 0],
  ['set -e; if false; then echo x; fi; echo on', 'on\n', 0],
  ['set -e; while false; do :; done; echo on', 'on\n', 0],
  ['set -e; ! true; echo on', 'on\n', 0],
  ['set -e; false | true; echo on', 'on\n', 0],
  ['set -e; true && false; echo no', '', 1],
  ['set -e; set +e; false; echo on', 'on\n', 0],
  ['set -o errexit; false; echo no', '', 1],
  ['set -e; { false; echo in; } || echo out; echo on', 'in\non\n', 0],
  ['i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done', '0\n1\n2\n', 0],
  ['for f in a b c; do if [ $f = b ]; then continue; fi; echo $f; done', 'a\nc\n', 0],
  ['for f in a b c; do if [ $f = b ]; then break; fi; echo $f; done', 'a\n', 0],
  ['for f in a b c; do [ $f = b ] && break; echo $f; done; echo $f', 'a\nb\n', 0],
  ['for i in 1 2; do for j in 1 2; do [ $j = 2 ] && continue 2; echo $i$j; done; done', '11\n21\n', 0],
  ['for i in 1 2; do for j in 1 2; do break 2; done; echo no; done; echo $i$j', '11\n', 0],
  ['for i in 1 2; do for j in x y; do break; done; echo $i$j; done', '1x\n2x\n', 0],
  ['while :; do echo once; break; done', 'once\n', 0],
  ['i=0; while true; do i=$((i+1)); [ $i -ge 3 ] && break; done; echo $i', '3\n', 0],
  ['until false; do break; done; echo $?', '0\n', 0],
  ['for i in 1 2 3; do continue; echo no; done; echo $?', '0\n', 0],
  ['while true; do for i in a b; do break; done; break; done; echo $i', 'a\n', 0],
  ['for i in 1 2; do echo $i; done > /tmp/l; cat /tmp/l', '1\n2\n', 0],
  ['while true; do { break; } > /tmp/x; done; echo out', 'out\n', 0],
  ['for i in a b; do { [ $i = a ] && continue; echo $i; } 2>/dev/null; done', 'b\n', 0],
  ['echo a b c | while read x y; do echo $x-$y; done', 'a-b c\n', 0],
  ['printf "1\\n2\\n" | while read l; do echo got $l; done', 'got 1\ngot 2\n', 0],
  ['printf "a b\\nc d\\n" >/tmp/r; while read x y; do echo $y; done </tmp/r', 'b\nd\n', 0],
  ['read x </tmp/none2 || echo no', 'no\n', 0],
  ['echo hi | { read x; echo "[$x]"; }', '[hi]\n', 0],
  ['while read a; do echo $a; done <<EOF\n1\n2\nEOF', '1\n2\n', 0],
  ['echo "x y" >/tmp/s; read a b </tmp/s; echo $b', 'y\n', 0],
  ['wc -l < /tmp/r', '2\n', 0],
  ['cat < /tmp/s', 'x y\n', 0],
  ['printf "l1\\nl2\\n" | while read -r l; do case $l in l2) echo two;; esac; done', 'two\n', 0],
  ['read x; echo $?', '1\n', 0],
  ['if false; then echo a; fi', '', 0],
  ['if false; then echo a; fi; echo $?', '0\n', 0],
  ['if true; then false; fi; echo $?', '1\n', 0],
  ['if false; then :; elif false; then :; fi; echo $?', '0\n', 0],
  ['while false; do :; done; echo $?', '0\n', 0],
  ['for i in; do :; done; echo $?', '0\n', 0],
  ['unset HOME; echo "[$HOME]"', '[]\n', 0],
  ['eval "echo evald"', 'evald\n', 0],
  ['echo a; exit', 'a\n', 0],
  ['false; exit', '', 1],
  ['for i in $(seq 3); do if [ $i -eq 2 ]; then echo two; else echo $i; fi; done', '1\ntwo\n3\n', 0],
  ['if [ -f /none ]; then echo y; elif [ -d /tmp ]; then echo dir; else echo n; fi', 'dir\n', 0],
  ['x=a; case $x in [ab]) echo class;; esac', 'class\n', 0],
  ['case 10.0.0.1 in 10.*) echo ten;; esac', 'ten\n', 0],
  ["case 'a*' in 'a*') echo star;; esac", 'star\n', 0],
  ['a=1; case $a in 1) a=2;; esac; echo $a', '2\n', 0],
  ['f() { echo hi $1; }; f bob', 'hi bob\n', 0],
  ['f() { return 3; }; f; echo $?', '3\n', 0],
  ['f() { echo $# $2; }; f a "b c" d', '3 b c\n', 0],
  ['f() { for x in "$@"; do echo [$x]; done; }; f a "b c"', '[a]\n[b c]\n', 0],
  ['f() { for x; do echo $x; done; }; f 1 2', '1\n2\n', 0],
  ['f() {\n  if [ "$1" = stop ]; then return; fi\n  echo on $1\n}\nf go; f stop; echo end', 'on go\nend\n', 0],
  ['a() { echo a; b; echo a2; }; b() { echo b; }; a', 'a\nb\na2\n', 0],
  ['x=$(f() { echo one; }; f); echo $x', 'one\n', 0],
  ['set -- a b c; echo $# $2; shift; echo $1 "$*"', '3 b\nb b c\n', 0],
  ['set -- "one two" three; for x in "$@"; do echo $x; done', 'one two\nthree\n', 0],
  ['n() { [ $1 -eq 0 ] && return; echo $1; n $(($1 - 1)); }; n 3', '3\n2\n1\n', 0],
  ['f() { false; }; f || echo no', 'no\n', 0],
  ['f() { exit 4; }; f; echo never', '', 4],
  ['log() { echo "[$1] $2"; }; for i in 1 2; do log info "turn $i"; done', '[info] turn 1\n[info] turn 2\n', 0],
  ['while true; do f() { echo f; }; f; break; done', 'f\n', 0],
  ['set -e; f() { false; echo no; }; f; echo never', '', 1],
  ['f() { local v=1; echo $v; }; f', '1\n', 0],
  ['echo $# "[$1]"', '0 []\n', 0],
  ['a=2; b=3; echo $((a*b+3)) $((a==1)) $((a<b)) $((a!=b && b>=3)) $((0x10))', '9 0 1 1 16\n', 0],
  ['echo $((1+2*3)) $(( (1+2)*3 )) $((-7/2)) $((7%3)) $((!0))', '7 9 -3 1 1\n', 0],
  ['i=5; while [ $((i > 3)) -eq 1 ]; do echo $i; i=$((i-1)); done', '5\n4\n', 0],
  ['f() { echo $(($1 * ${2:-2})); }; f 4; f 4 3', '8\n12\n', 0],
  ['echo $(( $(echo 4) + 1 ))', '5\n', 0],
  ['i=1; echo $((i = i + 2)) $i $((i += 4)) $i; : $((i -= 1)); echo $i', '3 3 7 7\n6\n', 0],
  ['n=0; while [ $((n += 1)) -le 2 ]; do echo $n; done; echo $((n > 2 ? 10 : 20))', '1\n2\n10\n', 0],
  ['while getopts ab:c o -a -b val -c rest; do echo "$o $OPTARG"; done 2>/dev/null | head -n 2; echo end', 'a \nb val\nend\n', 0],
  [
    'f() { while getopts n: o; do case $o in n) echo "n=$OPTARG";; esac; done; shift $((OPTIND - 1)); echo $1; }; f -n 5 word',
    'n=5\nword\n',
    0,
  ],
  ['export A=1; export -p | grep " A=" | head -c 9', 'export A=', 0],
  ['f() { echo "got $1"; }; x=$(f a); echo "$x $(f b)"', 'got a got b\n', 0],
])('%s', (script, printed, status) => {
  const { stdout, exitCode } = cluster.kubectl(['exec', 'box', '--', 'sh', '-c', script]);
  expect([stdout, exitCode]).toEqual([printed, status]);
  if (!isDash) return;
  const dash = spawnSync('dash', ['-c', script], { env: { PATH: process.env.PATH, HOME: '/root' }, cwd: '/', input: '' });
  expect([dash.stdout.toString(), dash.status]).toEqual([printed, status]);
});

it('words behind a script are its $1, $2 …', () => {
  const said = (...words: string[]) => cluster.kubectl(['exec', 'box', '--', ...words]).stdout;
  expect(said('sh', '-c', 'echo $# $1 $2', 'name', 'a', 'b c')).toBe('2 a b c\n');
  said('sh', '-c', 'echo "echo got \\$1" > /tmp/run.sh');
  expect(said('sh', '/tmp/run.sh', 'master')).toBe('got master\n');
});

it('a trap calls the functions of its script', () => {
  const script = 'end() { echo bye $1; exit 0; }; trap "end now" TERM; while true; do sleep 1; done';
  cluster.kubectl(['run', 'trapper', '--image=busybox:1.36', '--restart=Never', '--', 'sh', '-c', script]);
  cluster.advance(20);
  cluster.kubectl('exec trapper -- kill 1');
  cluster.advance(5);
  expect(cluster.kubectl('logs trapper').stdout).toBe('bye now\n');
});
