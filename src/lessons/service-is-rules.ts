/** A Service is only rules: the study notes' NAT example, with exactly their addresses, packet by packet. */
import type { V1Pod } from '../api/schema/kubernetes.ts';
import { objectsOf, type Picture } from '../story/picture.ts';
import type { Beat } from '../story/beats.ts';
import { NAT_EXAMPLE } from '../scenarios/nat-example.ts';
import { fixedQuestion, type Lesson, type LessonAct } from './lesson.ts';

const [SHOP, CLIENT] = NAT_EXAMPLE.manifests;
const apply = (stdin: string) => (): LessonAct => ({ do: 'kubectl', args: ['apply', '-f', '-'], stdin });
/** Ports with which the first connection meets the second machine and the next one the first: the die is drawn for each connection. */
const call = (sourcePort: number) => (): LessonAct => ({ do: 'connect', connect: { from: 'default/client', to: '10.254.1.1:80', sourcePort } });
const hasText = (name: string, part: string) => (beat: Beat): boolean => String(beat.fact.with?.[name]).includes(part);
const podAt = (picture: Picture, ip: string): V1Pod | undefined => objectsOf<V1Pod>(picture, 'pods').find((p) => p.status?.podIP === ip);

export default {
  id: 'service-is-rules', title: 'A Service is only rules', minutes: 6, manifest: SHOP, topology: NAT_EXAMPLE.topology,
  steps: [
    { tell: 'A Deployment of two and a Service at 10.254.1.1. We are going to look for whoever has that address.', act: apply(SHOP) },
    { says: 'apiserver/admitted', where: (b) => b.fact.with?.kind === 'Service', tell: 'The object says: port 80 goes to 8080 of the pods with app=shop. It is written down, and no process is started for it.' },
    { says: 'endpointslice/synced', where: (b) => Number(b.fact.with?.ready) >= 2, tell: 'The slice lists two addresses: 10.163.0.2 on the first machine, 10.165.0.1 on the second.' },
    { says: 'kube-proxy/synced', tell: 'Every kube-proxy writes the same rules into its own kernel: KUBE-SERVICES → KUBE-SVC → one KUBE-SEP, by lot. Look into the kernel of any machine: no interface has 10.254.1.1.' },
    { says: 'kubelet/container-started', where: (b) => b.fact.with?.pod === 'client', act: apply(CLIENT), tell: 'A client starts on the first machine.' },
    { tell: 'It is about to call 10.254.1.1:80.', question: fixedQuestion('Where is that address rewritten?', ['in kube-proxy', 'on the client’s own machine', 'on the server’s machine'], 1, 'By the kernel of the machine where the packet enters, with rules that lie there already.') },
    { says: 'packet/sent', act: call(40_004), tell: 'The first packet of a connection, a SYN, leaves the client for 10.254.1.1.' },
    { says: 'packet/rules', where: (b) => b.fact.with?.hook === 'PREROUTING', tell: 'It enters the first machine at PREROUTING, and walks the rules. With two endpoints the first is taken with chance ½, else the second.' },
    { says: 'packet/dnat', tell: 'DNAT: the destination changes, the source does not. conntrack remembers both.' },
    { says: 'packet/encapsulated', tell: '10.165.0.1 is on another machine. The packet travels inside another one, from machine to machine.' },
    { says: 'packet/accepted', tell: 'The server sees the client’s own address, and itself as 10.165.0.1:8080. It never sees 10.254.1.1.' },
    { says: 'packet/known', where: (b) => b.fact.with?.isReply === true, tell: 'On the way back the first machine puts 10.254.1.1:80 in again, so that the client gets an answer from whom it asked.' },
    { says: 'packet/known', where: (b) => b.fact.with?.isReply !== true, tell: 'Later packets of the connection skip the rules: conntrack knows where they go.' },
    { says: 'curl/done', tell: 'The answer is there.' },
    { says: 'packet/dnat', act: call(40_011), where: hasText('dst', '10.163.0.2'), tell: 'A new connection, a new throw: this time the pod next door. No tunnel.' },
    { tell: 'Now imagine 200 connections.', question: fixedQuestion('How are they shared?', ['strictly in turn', 'about 100 each, at random', 'all to the nearest'], 1, 'Each connection is a throw of its own. iptables does not count turns.') },
    { says: 'kubelet/terminating', act: (picture) => { const pod = podAt(picture, '10.165.0.1'); return pod ? { do: 'kubectl', args: ['delete', 'pod', pod.metadata?.name ?? '', '--wait=false'], stdin: '' } : undefined; }, tell: 'One server is deleted. Until the slice and then the rules have changed, a call may still be sent to it.' },
    { says: 'endpointslice/synced', tell: 'The slice still has the address, but not as ready: the pod is ending. Within about a second the rules of every machine follow.' },
    { says: 'curl/done', act: call(40_003), tell: 'And the call is answered by whoever is left or new.' },
    { tell: 'At last we remove kube-proxy itself.', question: fixedQuestion('Does traffic stop?', ['yes', 'no'], 1, 'It is not in the packets’ path. The rules stay in the kernel; only nobody renews them.') },
    { says: 'kubelet/terminating', where: hasText('pod', 'kube-proxy'), act: () => ({ do: 'kubectl', args: ['delete', 'daemonset', 'kube-proxy', '-n', 'kube-system'], stdin: '' }), tell: 'kube-proxy is asked to leave every machine.' },
    { says: 'curl/done', act: call(40_013), tell: 'Rules in a kernel, and a process that keeps them up to date: that is all that a Service is.' },
  ],
} satisfies Lesson;
