/** A Service is only rules: the study notes' NAT example, with exactly their addresses, packet by packet. */
import type { V1Pod } from '../api/schema/kubernetes.ts';
import { objectsOf, type Picture } from '../story/picture.ts';
import type { Beat } from '../story/beats.ts';
import { NAT_EXAMPLE } from '../scenarios/nat-example.ts';
import { fixedQuestion, type Lesson, type LessonAct } from './lesson.ts';

const [SHOP, CLIENT] = NAT_EXAMPLE.manifests;
const apply = (stdin: string) => (): LessonAct => ({ do: 'kubectl', args: ['apply', '-f', '-'], stdin });
/** Ports with which the first connection meets the second machine and the next one the first: the die is drawn for each connection. */
const call = (sourcePort: number) => (): LessonAct => ({
  do: 'connect',
  connect: { from: 'default/client', to: '10.254.1.1:80', sourcePort },
});
const hasText =
  (name: string, part: string) =>
  (beat: Beat): boolean =>
    String(beat.fact.with?.[name]).includes(part);
const podAt = (picture: Picture, ip: string): V1Pod | undefined => objectsOf<V1Pod>(picture, 'pods').find((p) => p.status?.podIP === ip);

export default {
  id: 'service-is-rules',
  title: 'A Service is only rules',
  about: 'Where the address of a Service is, and what happens to a packet that is sent to it.',
  minutes: 6,
  manifest: SHOP,
  topology: NAT_EXAMPLE.topology,
  steps: [
    { tell: 'A Deployment of two and a Service at 10.254.1.1. We are going to look for whoever has that address.', act: apply(SHOP) },
    {
      says: 'apiserver/admitted',
      where: (b) => b.fact.with?.kind === 'Service',
      tell: 'The object says: port 80 goes to 8080 of the pods with app=shop. It is written down, and no process is started for it.',
    },
    {
      says: 'endpointslice/synced',
      where: (b) => Number(b.fact.with?.ready) >= 2,
      tell: '10.163.0.2 is on the first machine, 10.165.0.1 on the second. Neither is the one that we look for.',
    },
    {
      says: 'kube-proxy/synced',
      tell: 'KUBE-SERVICES → KUBE-SVC → one KUBE-SEP: that is all of the Service that a machine has. Look into any kernel: no interface has 10.254.1.1.',
    },
    {
      says: 'kubelet/container-started',
      where: (b) => b.fact.with?.pod === 'client',
      act: apply(CLIENT),
      tell: 'A client, on the first machine, next door to one of the servers.',
    },
    {
      tell: 'The client is about to call 10.254.1.1:80.',
      question: fixedQuestion(
        'Where is that address rewritten?',
        ['in kube-proxy', 'on the client’s own machine', 'on the server’s machine'],
        1,
        'By the kernel of the machine where the packet enters, with rules that lie there already.',
      ),
    },
    {
      says: 'packet/sent',
      act: call(40_004),
      tell: 'A SYN opens a connection. The client believes that somebody has the address, and will answer.',
    },
    {
      says: 'packet/rules',
      where: (b) => b.fact.with?.hook === 'PREROUTING',
      tell: 'The client’s machine takes its first look at the packet. With two endpoints the first is taken with chance ½, else the second.',
    },
    { says: 'packet/dnat', tell: 'This is the whole trick: one field of the packet is written over, and the kernel keeps a note of it.' },
    {
      says: 'packet/encapsulated',
      tell: '10.165.0.1 is on another machine, and the wire in between knows no pod’s address: so the packet travels inside another one, which has the machines’ addresses.',
    },
    { says: 'packet/accepted', tell: 'So the server knows who really calls. 10.254.1.1 is nowhere in what it gets.' },
    {
      says: 'packet/known',
      where: (b) => b.fact.with?.isReply === true,
      tell: 'Only this machine can: here the kernel keeps the note. Without it the client would be answered by somebody that it never asked, and would drop the answer.',
    },
    {
      says: 'packet/known',
      where: (b) => b.fact.with?.isReply !== true,
      tell: 'That is why new rules break no open connection: its packets do not ask the rules again.',
    },
    { says: 'curl/done', tell: 'A few milliseconds in all, and neither program has noticed anything.' },
    {
      says: 'packet/dnat',
      act: call(40_011),
      where: hasText('dst', '10.163.0.2'),
      tell: 'A new connection, a new throw: this time the pod next door. No tunnel.',
    },
    {
      tell: 'Now imagine 200 connections.',
      question: fixedQuestion(
        'How are they shared?',
        ['strictly in turn', 'about 100 each, at random', 'all to the nearest'],
        1,
        'Each connection is a throw of its own. iptables does not count turns.',
      ),
    },
    {
      says: 'kubelet/terminating',
      act: (picture) => {
        const pod = podAt(picture, '10.165.0.1');
        return pod ? { do: 'kubectl', args: ['delete', 'pod', pod.metadata?.name ?? '', '--wait=false'], stdin: '' } : undefined;
      },
      tell: 'One server is deleted. Until the slice and then the rules have changed, a call may still be sent to it.',
    },
    {
      says: 'endpointslice/synced',
      tell: 'The deleted pod’s address is still listed, and marked as ending. Within about a second the rules of every machine leave it out.',
    },
    { says: 'curl/done', act: call(40_003), tell: 'And the call is answered by whoever is left or new.' },
    {
      tell: 'At last we remove kube-proxy itself.',
      question: fixedQuestion(
        'Does traffic stop?',
        ['yes', 'no'],
        1,
        'It is not in the packets’ path. The rules stay in the kernel; only nobody renews them.',
      ),
    },
    {
      says: 'kubelet/terminating',
      where: hasText('pod', 'kube-proxy'),
      act: () => ({ do: 'kubectl', args: ['delete', 'daemonset', 'kube-proxy', '-n', 'kube-system'], stdin: '' }),
      tell: 'kube-proxy’s DaemonSet is gone, so it leaves every machine. Watch the kernels: the rules stay.',
    },
    {
      says: 'curl/done',
      act: call(40_013),
      tell: 'Rules in a kernel, and a process that keeps them up to date: that is all that a Service is.',
    },
  ],
} satisfies Lesson;
