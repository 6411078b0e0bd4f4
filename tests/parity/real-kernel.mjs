/**
 * Loads rules into a real Linux kernel, in network namespaces made for it, sends real connections through them and says what came of them.
 * Needs root, iproute2 and iptables; `canAskKernel` says whether they are there. Namespaces and processes are removed at the end.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';

const SERVER =
  'const[n,ip]=process.argv.slice(1);require("http").createServer((q,s)=>s.end(n+" "+q.socket.remoteAddress)).listen(8080,ip,()=>console.log("up"))';
const CLIENT =
  'const http=require("http");const[to,n]=process.argv.slice(1);const[host,port]=to.split(":");const out=[];(async()=>{for(let i=0;i<+n;i++)out.push(await new Promise(r=>http.get({host,port,agent:false,timeout:4000},s=>{let b="";s.on("data",d=>b+=d);s.on("end",()=>r(b))}).on("error",e=>r(e.code)).on("timeout",function(){this.destroy();r("TIMEOUT")})));console.log(JSON.stringify(out))})()';
const PREFIX = `orrery${process.pid}`;
const run = (command, args, input) => execFileSync(command, args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
const within = (ns, ...args) => ['netns', 'exec', `${PREFIX}-${ns}`, ...args];

export function canAskKernel() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    run('ip', ['netns', 'add', `${PREFIX}-try`]);
    try {
      run('ip', within('try', 'iptables-restore', '--test'), '*nat\nCOMMIT\n');
      return true;
    } finally {
      run('ip', ['netns', 'del', `${PREFIX}-try`]);
    }
  } catch {
    return false;
  }
}

/** Puts a machine with the rules before the pods; gives what iptables-save prints, and for each ask its answers: 'server source' or an error code. */
export async function askKernel({ nat, filter, gateway, machine, pods, asks }) {
  const names = ['host', ...pods.map((p) => p.name)];
  const servers = [];
  try {
    for (const name of names) {
      run('ip', ['netns', 'add', `${PREFIX}-${name}`]);
      run('ip', within(name, 'ip', 'link', 'set', 'lo', 'up'));
    }
    run('ip', within('host', 'sysctl', '-qw', 'net.ipv4.ip_forward=1'));
    // As kube-proxy sets it, so that 127.0.0.1 reaches node ports.
    run('ip', within('host', 'sysctl', '-qw', 'net.ipv4.conf.all.route_localnet=1'));
    run('ip', within('host', 'ip', 'addr', 'add', `${machine}/32`, 'dev', 'lo'));
    for (const { name, ip } of pods) {
      run('ip', [
        'link',
        'add',
        `v-${name}`,
        'netns',
        `${PREFIX}-host`,
        'type',
        'veth',
        'peer',
        'name',
        'eth0',
        'netns',
        `${PREFIX}-${name}`,
      ]);
      run('ip', within('host', 'ip', 'addr', 'add', `${gateway}/32`, 'dev', `v-${name}`));
      run('ip', within('host', 'ip', 'link', 'set', `v-${name}`, 'up'));
      run('ip', within('host', 'ip', 'route', 'add', `${ip}/32`, 'dev', `v-${name}`));
      run('ip', within(name, 'ip', 'addr', 'add', `${ip}/32`, 'dev', 'eth0'));
      run('ip', within(name, 'ip', 'link', 'set', 'eth0', 'up'));
      run('ip', within(name, 'ip', 'route', 'add', `${gateway}/32`, 'dev', 'eth0'));
      run('ip', within(name, 'ip', 'route', 'add', 'default', 'via', gateway));
    }
    // Not the way back to an asking pod: a redirect would use up its allowance of ICMP messages.
    run('ip', within('host', 'ip', 'route', 'add', '10.254.0.0/16', 'dev', `v-${pods[pods.length - 1].name}`, 'src', gateway));
    run('ip', within('host', 'iptables-restore'), `${nat}${filter}`);
    const saved = run('ip', within('host', 'iptables-save'));
    for (const { name, ip } of pods.filter((p) => p.serves)) {
      const server = spawn('ip', within(name, process.execPath, '-e', SERVER, name, ip), { stdio: ['ignore', 'pipe', 'inherit'] });
      servers.push(server);
      await new Promise((resolve) => {
        server.stdout.once('data', resolve);
      });
    }
    const answers = asks.map(({ from, to, times }) =>
      JSON.parse(run('ip', within(from, process.execPath, '-e', CLIENT, to, String(times)))),
    );
    return { saved, answers };
  } finally {
    for (const server of servers) server.kill('SIGKILL');
    for (const name of names) {
      spawnSync('ip', ['netns', 'pids', `${PREFIX}-${name}`], { encoding: 'utf8' })
        .stdout?.split('\n')
        .filter(Boolean)
        .forEach((pid) => {
          try {
            process.kill(Number(pid), 'SIGKILL');
          } catch {
            /* gone */
          }
        });
      spawnSync('ip', ['netns', 'del', `${PREFIX}-${name}`]);
    }
  }
}
