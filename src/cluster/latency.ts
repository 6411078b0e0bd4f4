/**
 * How long a message takes, by who speaks to whom: one table. Orders of magnitude from real clusters: loopback tens of µs, a LAN round trip 0.5 ms,
 * an fsync'd etcd write 1–3 ms. The base is one way; jitter is added on top.
 */
import type { Delay, Party } from '../kernel/world.ts';

/** How long work that will end by itself keeps a cluster from being at rest; what takes longer is not waited for. */
export const PATIENCE_US = 60_000_000;

const delay = (baseUs: number, jitterUs: number): Delay => Object.freeze({ baseUs, jitterUs });
const LOOPBACK = delay(60, 40);
const LAN = delay(300, 200);
const INTERNET = delay(12_000, 6_000);

const PAIRS: Readonly<Record<string, Delay>> = {
  'kube-apiserver>etcd': delay(400, 200),
  'etcd>kube-apiserver': delay(1_200, 900),
  'kubectl>kube-apiserver': delay(1_500, 700),
  'kube-apiserver>kubectl': delay(1_500, 700),
  'kubelet>containerd': delay(150, 100),
  'containerd>kubelet': delay(150, 100),
};

export function delayBetween(from: Party, to: Party): Delay {
  const pair = PAIRS[`${from.role}>${to.role}`];
  if (pair) return pair;
  if (from.host === to.host) return LOOPBACK;
  if (from.host === 'registry' || to.host === 'registry' || from.host === 'internet' || to.host === 'internet') return INTERNET;
  return LAN;
}
