/** The roles that an actor can play, and how long messages take between them. */
import type { Component } from '../kernel/component.ts';
import type { Rules } from '../kernel/world.ts';
import { kubeApiserver } from '../cluster/apiserver/apiserver.ts';
import { kubeadm } from '../cluster/boot/kubeadm.ts';
import { controllerManager } from '../cluster/controllers/controller-manager.ts';
import { oneRequest } from '../cluster/client/one-request.ts';
import { etcd } from '../cluster/etcd/etcd.ts';
import { kubelet } from '../cluster/kubelet/kubelet.ts';
import { delayBetween } from '../cluster/latency.ts';
import { cni } from '../cluster/network/cni.ts';
import { coredns } from '../cluster/network/coredns.ts';
import { flannel } from '../cluster/network/flannel.ts';
import { kubeProxy } from '../cluster/network/kube-proxy.ts';
import { linux } from '../cluster/network/linux.ts';
import { containerd } from '../cluster/runtime/containerd.ts';
import { pause } from '../cluster/runtime/pause.ts';
import { imageRegistry } from '../cluster/runtime/registry.ts';
import { scheduler } from '../cluster/scheduler/scheduler.ts';

/** All that a cluster boots with; the others are in late-roles.ts. */
export const clusterRoles = [
  kubeApiserver,
  etcd,
  controllerManager,
  scheduler,
  kubelet,
  containerd,
  pause,
  cni,
  flannel,
  kubeProxy,
  coredns,
  linux,
  imageRegistry,
  kubeadm,
  oneRequest,
] as readonly unknown[] as readonly Component[];

export const rulesOf = (roles: readonly Component[]): Rules & { readonly components: Map<string, Component> } => ({
  components: new Map(roles.map((component) => [component.role, component])),
  delay: delayBetween,
});
