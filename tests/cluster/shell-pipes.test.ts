/** Pipes, redirections, subshells, jobs and what a shell shares with whom: what scripts print and end with is dash 0.5's; where there is one it is asked itself. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/engine/headless.ts';
import { isDash, openBox, printedBy } from './real-shell.ts';

let cluster: Cluster;
beforeAll(() => {
  cluster = openBox();
});

const dash = (script: string): readonly [string, number | null] => printedBy('dash', script);

describe('what dash does', () => {
  it.each<readonly [string, string, number]>([
    // A compound command in a pipe.
    ['for i in 3 1 2; do echo $i; done | sort', '1\n2\n3\n', 0],
    ['f() { echo a; echo b; }; f | wc -l | tr -d " "', '2\n', 0],
    ['{ echo b; echo a; } | sort', 'a\nb\n', 0],
    ['(echo b; echo a) | sort | head -n 1', 'a\n', 0],
    ['if true; then echo yes; fi | tr y Y', 'Yes\n', 0],
    ['case a in a) echo one; echo two;; esac | grep two', 'two\n', 0],
    ['i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done | while read x; do echo "<$x>"; done', '<0>\n<1>\n<2>\n', 0],
    ['echo x | { cat; echo y; } | sort -r', 'y\nx\n', 0],
    ['printf "a 1\\nb 2\\n" | while read k v; do for n in 1 2; do echo $k$v$n; done; done | sort -r | head -n 1', 'b22\n', 0],
    ['f() { while read l; do echo "[$l]"; done; }; printf "1\\n2\\n" | f', '[1]\n[2]\n', 0],
    ['echo a | (read x; echo $x)', 'a\n', 0],
    ['printf "1\\n2\\n3\\n" | { read a; echo $a; cat; }', '1\n2\n3\n', 0],
    ['printf "a\\nb\\n" | while read x; do [ $x = b ] && break; echo $x; done; echo end', 'a\nend\n', 0],
    ['! echo a | grep -q b && echo none', 'none\n', 0],
    ['true | false', '', 1],
    ['false | true', '', 0],
    ['(exit 3) | (exit 4); echo $?', '4\n', 0],
    ['while true; do echo y; done | head -n 3', 'y\ny\ny\n', 0],
    ['yes | head -n 2', 'y\ny\n', 0],
    ['yes no | head -n 1', 'no\n', 0],
    ['echo a | tee /tmp/w/t | tr a b; cat /tmp/w/t', 'b\na\n', 0],
    // And redirected as a whole.
    ['{ echo a; echo b; } > /tmp/w/f; cat /tmp/w/f', 'a\nb\n', 0],
    ['for i in 1 2; do echo $i; done >> /tmp/w/f; echo 3 >> /tmp/w/f; cat /tmp/w/f', '1\n2\n3\n', 0],
    ['printf "x\\ny\\n" > /tmp/w/f; while read l; do echo "$l$l"; done < /tmp/w/f > /tmp/w/g; cat /tmp/w/g', 'xx\nyy\n', 0],
    ['(echo a; echo b >&2) 2>&1 | sort -r', 'b\na\n', 0],
    ['f() { echo out; echo err >&2; }; f 2>/dev/null', 'out\n', 0],
    ['f() { echo out; } > /tmp/w/f; f; f; cat /tmp/w/f', 'out\n', 0],
    ['exec > /tmp/w/f; echo a; echo b; cat /tmp/w/f >&2', '', 0],
    ['{ { echo a; } > /tmp/w/f; echo b; } | cat; cat /tmp/w/f', 'b\na\n', 0],
    ['for i in 1 2; do { [ $i = 1 ] && continue; echo $i; } > /tmp/w/$i; done; cat /tmp/w/1 /tmp/w/2', '2\n', 0],
    ['if read x; then echo $x; fi < /tmp/w/none; echo on', 'on\n', 0],
    ['cat << A | while read x; do echo ".$x"; done\n1\n2\nA', '.1\n.2\n', 0],
    ['> /tmp/w/f; [ -f /tmp/w/f ] && echo there', 'there\n', 0],
    ['x=$(echo a; echo b >&2) 2>/dev/null; echo $x', 'a\n', 0],
    ['echo $(cat < /tmp/w/none; echo on) 2>/dev/null', 'on\n', 0],
    // A subshell keeps what it does to itself.
    ['x=1; (x=2; echo $x); echo $x', '2\n1\n', 0],
    ['(cd /tmp; pwd); pwd', '/tmp\n/\n', 0],
    ['(exit 3); echo $?', '3\n', 0],
    ['x=$(cd /tmp; pwd); echo $x; pwd', '/tmp\n/\n', 0],
    ['x=1; y=$(x=2; echo $x); echo $x$y', '12\n', 0],
    ['x=1; echo 2 | read x; echo $x', '1\n', 0],
    ['x=0; printf "a\\nb\\n" | while read l; do x=$((x+1)); done; echo $x', '0\n', 0],
    ['(f() { echo in; }; f); f 2>/dev/null || echo none', 'in\nnone\n', 0],
    ['set -- a b; (shift; echo $1); echo $1', 'b\na\n', 0],
    ['f() { (return 4); echo $?; }; f', '4\n', 0],
    // What a program sees of it.
    ['x=1; export y=2; sh -c \'echo "[$x] [$y]"\'', '[] [2]\n', 0],
    ['f() { echo f; }; sh -c f 2>/dev/null || echo none', 'none\n', 0],
    ['x=1 sh -c \'echo $x\'; echo "[$x]"', '1\n[]\n', 0],
    ["x=1; export x; x=2; sh -c 'echo $x'", '2\n', 0],
    ["sh -c 'cd /tmp; exit 5'; echo $? $(pwd)", '5 /\n', 0],
    ["sh -c 'echo $1-$2 $#' name a b", 'a-b 2\n', 0],
    ['a=1; env | grep -c "^a="; export a; env | grep "^a="', '0\na=1\n', 0],
    ['unset a; export a; a=5; env | grep "^a="', 'a=5\n', 0],
    ['echo "echo from \\$1" > /tmp/w/s; sh /tmp/w/s me', 'from me\n', 0],
    ['echo "v=1" > /tmp/w/env; . /tmp/w/env; echo $v', '1\n', 0],
    ['echo "echo piped" | sh', 'piped\n', 0],
    ["set -a; v=2; set +a; w=3; sh -c 'echo $v[$w]'", '2[]\n', 0],
    // `set -e`.
    ['set -e; x=$(false); echo no', '', 1],
    ['x=$(false); echo $?', '1\n', 0],
    ['set -e; x=$(false) || echo saved; echo on', 'saved\non\n', 0],
    ['set -e; echo $(false); echo on', '\non\n', 0],
    ['set -e; (false; echo no); echo never', '', 1],
    ['set -e; true | false; echo no', '', 1],
    ['set -e; f() { false; echo on; }; f || echo no; echo end', 'on\nend\n', 0],
    ['set -e; f() { return 3; }; f; echo never', '', 3],
    ['set -e; if (false; true); then echo yes; fi; echo on', 'yes\non\n', 0],
    ['set -e; { echo a; false; } | cat; echo on', 'a\non\n', 0],
    ['set -e; for i in 1 2; do [ $i = 1 ] && echo $i; done; echo on', '1\non\n', 0],
    // Functions.
    ['f() { local x=2; echo $x; }; x=1; f; echo $x', '2\n1\n', 0],
    ['f() { local x; x=2; g; }; g() { echo $x; }; x=1; f; echo $x', '2\n1\n', 0],
    ['f() { echo $x; }; x=1 f; echo "[$x]"', '1\n[]\n', 0],
    ['set -- a b c; shift 2; echo $1 $#; f() { shift; echo $1; }; f x y; echo $1', 'c 1\ny\nc\n', 0],
    ['while [ $# -gt 0 ]; do shift; done; set -- -a 1; while [ $# -gt 0 ]; do echo $1; shift; done', '-a\n1\n', 0],
    ['f() { echo $?; }; false; f', '1\n', 0],
    ['eval "x=1; echo \\$x"; eval echo \'"a  b"\'', '1\na  b\n', 0],
    ['for i in 1 2; do eval "echo $i; continue"; done 2>/dev/null; echo end', '1\n2\nend\n', 0],
    // read and IFS.
    ['echo "a:b:c" | while IFS=: read x y; do echo "$x $y"; done', 'a b:c\n', 0],
    ['echo "  a b  " | { IFS= read -r x; echo "[$x]"; }', '[  a b  ]\n', 0],
    ['printf "k=v w\\n" | while IFS="=" read -r k v; do echo "$k|$v"; done', 'k|v w\n', 0],
    ['IFS=,; set -- $(echo a,b,c); echo $2', 'b\n', 0],
    ['IFS=:; for p in /a:/b; do echo $p; done; x=/a:/b; for p in $x; do echo $p; done', '/a /b\n/a\n/b\n', 0],
    ['printf a | { read x; echo "$? $x"; }', '1 a\n', 0],
    // Jobs.
    ['(sleep 0.2; echo late) & echo soon; wait', 'soon\nlate\n', 0],
    ['(exit 7) & wait $!; echo $?', '7\n', 0],
    ['x=1; { x=2; } & wait; echo $x', '1\n', 0],
    ['false & true; wait; echo $?', '0\n', 0],
    ['sleep 100 & p=$!; kill $p; wait $p; echo $?', '143\n', 0],
    ['sleep 100 & kill -0 $! && echo runs; kill $!; wait $!; kill -0 $! 2>/dev/null || echo over', 'runs\nover\n', 0],
    ['for i in 1 2; do (echo $i) & wait; done', '1\n2\n', 0],
    ['sleep 0.1 && echo a & wait; echo b', 'a\nb\n', 0],
    ['exec echo a; echo b', 'a\n', 0],
    ['exec false; echo b', '', 1],
    ['x=$(sleep 0.1; echo slow); echo $x', 'slow\n', 0],
    ['false; sleep 0.1; echo $?', '0\n', 0],
  ])('%s', (script, printed, status) => {
    cluster.kubectl('exec box -- rm -r /tmp/w');
    const { stdout, exitCode } = cluster.kubectl(['exec', 'box', '--', 'sh', '-c', script]);
    expect([stdout, exitCode]).toEqual([printed, status]);
    if (isDash) expect(dash(script)).toEqual([printed, status]);
  });
});

/** Each program of a pipe and each job runs when it can, as Linux lets it. */
describe('side by side', () => {
  it('a job goes on while the shell sleeps, and a reader has what was written so far', () => {
    const script = '(while true; do echo tick; sleep 5; done) | grep tick | tee /tmp/log & sleep 1; wc -l < /tmp/log; sleep 100';
    cluster.kubectl(['run', 'ticker', '--image=busybox:1.36', '--', 'sh', '-c', script]);
    cluster.settle(60);
    const begun = cluster.now;
    const logged = (): string => cluster.kubectl('logs ticker').stdout;
    while (!logged().includes('1\n') && cluster.now < begun + 30) cluster.advance(0.5);
    cluster.advance(9.5);
    expect(logged()).toBe('tick\n1\ntick\ntick\n');
  });
  it('what follows a file says what a job writes into it', () => {
    const script = '(for i in 1 2 3; do echo $i; sleep 1; done) > /tmp/f & tail -f /tmp/f | sed s/$/./ & tail -f /tmp/f';
    cluster.kubectl(['run', 'follower', '--image=busybox:1.36', '--', 'sh', '-c', script]);
    cluster.advance(15);
    expect(cluster.kubectl('logs follower').stdout).toBe('1\n2\n3\n');
  });
  it('what $(…) runs has the network', () => {
    const script = "ip=$(nslookup kubernetes.default | grep Address | tail -n 1 | awk '{print $2}'); echo is $ip";
    expect(cluster.kubectl(['exec', 'box', '--', 'sh', '-c', script]).stdout).toBe('is 10.254.0.1\n');
  });
  it("what a hook prints to the first process' stream is in the container's log", () => {
    cluster.kubectl(['exec', 'box', '--', 'sh', '-c', 'echo hello > /proc/1/fd/1']);
    expect(cluster.kubectl('logs box').stdout).toBe('hello\n');
  });
});
