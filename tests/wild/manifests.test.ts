/**
 * Manifests as people paste them, and what becomes of them. Each is a shortened copy of the file that it names, which the page beside it explains;
 * 'website': kubernetes/website content/en/examples, as the pages of kubernetes.io/docs show them; 'examples': ContainerSolutions/kubernetes-examples.
 */
import { describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

interface Wild {
  readonly from: string;
  readonly manifest: string;
  readonly after?: number;
  readonly shows: readonly (readonly [string, RegExp])[];
}

const pod = (name: string, spec: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: ${name}}, annotations: {build: two}}\nspec: ${spec}\n---\n`;
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: special-config}\ndata: {SPECIAL_LEVEL: very, SPECIAL_TYPE: charm}\n---\n';
const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: test-secret}\ndata: {username: bXktYXBw, password: Mzk1MjgkdmRnN0pi}\n---\n';

const wild: readonly Wild[] = [
  {
    from: 'website pods/probe/exec-liveness.yaml: the file is removed after 30 s, three failures 5 s apart, then 30 s until it is killed',
    after: 100,
    shows: [
      ['get pods', /liveness-exec +1\/1 +Running +1 /],
      ['describe pod liveness-exec', /Liveness probe failed: cat: can't open '\/tmp\/healthy': No such file or directory/],
    ],
    manifest: pod(
      'liveness-exec',
      '{containers: [{name: liveness, image: "registry.k8s.io/busybox:1.27.2", args: [/bin/sh, -c, "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"], livenessProbe: {exec: {command: [cat, /tmp/healthy]}, initialDelaySeconds: 5, periodSeconds: 5}}]}',
    ),
  },
  {
    from: 'website pods/probe/http-liveness.yaml: /healthz answers 500 after 10 s',
    after: 30,
    shows: [
      ['get pods', /liveness-http +1\/1 +Running +1 /],
      ['describe pod liveness-http', /Liveness probe failed: HTTP probe failed with statuscode: 500/],
    ],
    manifest: pod(
      'liveness-http',
      '{containers: [{name: liveness, image: "registry.k8s.io/e2e-test-images/agnhost:2.40", args: [liveness], livenessProbe: {httpGet: {path: /healthz, port: 8080}, initialDelaySeconds: 3, periodSeconds: 3}}]}',
    ),
  },
  {
    from: 'website debug/termination.yaml: what is written to /dev/termination-log is the message',
    after: 15,
    shows: [
      [
        'get pod termination-demo -o jsonpath={.status.containerStatuses[0].lastState.terminated.message}{.status.containerStatuses[0].state.terminated.message}',
        /^Sleep expired\n/,
      ],
      ['describe pod termination-demo', /Message: +Sleep expired/],
    ],
    manifest: pod(
      'termination-demo',
      '{containers: [{name: c, image: debian, command: [/bin/sh], args: ["-c", "sleep 10 && echo Sleep expired > /dev/termination-log"]}]}',
    ),
  },
  {
    from: 'website debug/counter-pod.yaml',
    after: 10,
    shows: [['logs counter', /^0: Mon May {2}4 09:00:2\d UTC 2026\n1: Mon /]],
    manifest: pod(
      'counter',
      '{containers: [{name: count, image: "busybox:1.28", args: [/bin/sh, -c, \'i=0; while true; do echo "$i: $(date)"; i=$((i+1)); sleep 1; done\']}]}',
    ),
  },
  {
    from: 'website pods/pod-configmap-env-var-valueFrom.yaml',
    shows: [
      ['get pods', /dapi-test-pod +0\/1 +Completed/],
      ['logs dapi-test-pod', /^very charm\n$/],
    ],
    manifest:
      CONFIG +
      pod(
        'dapi-test-pod',
        '{restartPolicy: Never, containers: [{name: c, image: "registry.k8s.io/busybox:1.27.2", command: [/bin/echo, "$(SPECIAL_LEVEL_KEY) $(SPECIAL_TYPE_KEY)"], env: [{name: SPECIAL_LEVEL_KEY, valueFrom: {configMapKeyRef: {name: special-config, key: SPECIAL_LEVEL}}}, {name: SPECIAL_TYPE_KEY, valueFrom: {configMapKeyRef: {name: special-config, key: SPECIAL_TYPE}}}]}]}',
      ),
  },
  {
    from: 'website pods/pod-configmap-volume.yaml and pod-configmap-volume-specific-key.yaml',
    shows: [
      ['logs all', /^SPECIAL_LEVEL\nSPECIAL_TYPE\n$/],
      ['logs one', /^very/],
      ['describe pod wrong', /MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: special.level/],
    ],
    manifest:
      CONFIG +
      pod(
        'all',
        '{restartPolicy: Never, containers: [{name: c, image: "registry.k8s.io/busybox:1.27.2", command: [/bin/sh, -c, ls /etc/config/], volumeMounts: [{name: v, mountPath: /etc/config}]}], volumes: [{name: v, configMap: {name: special-config}}]}',
      ) +
      pod(
        'one',
        '{restartPolicy: Never, containers: [{name: c, image: "registry.k8s.io/busybox:1.27.2", command: [/bin/sh, -c, cat /etc/config/keys], volumeMounts: [{name: v, mountPath: /etc/config}]}], volumes: [{name: v, configMap: {name: special-config, items: [{key: SPECIAL_LEVEL, path: keys}]}}]}',
      ) +
      pod(
        'wrong',
        '{containers: [{name: c, image: busybox, volumeMounts: [{name: v, mountPath: /etc/config}]}], volumes: [{name: v, configMap: {name: special-config, items: [{key: special.level, path: keys}]}}]}',
      ),
  },
  {
    from: 'website pods/inject/secret-pod.yaml and secret-envars-pod.yaml',
    shows: [
      ['exec secret-test-pod -- ls /etc/secret-volume', /^password\nusername\n$/],
      ['exec secret-test-pod -- sh -c "cat /etc/secret-volume/password; echo; echo $SECRET_USERNAME"', /^39528\$vdg7Jb\nmy-app\n$/],
    ],
    manifest:
      SECRET +
      pod(
        'secret-test-pod',
        '{containers: [{name: c, image: nginx, env: [{name: SECRET_USERNAME, valueFrom: {secretKeyRef: {name: test-secret, key: username}}}], volumeMounts: [{name: v, mountPath: /etc/secret-volume, readOnly: true}]}], volumes: [{name: v, secret: {secretName: test-secret}}]}',
      ),
  },
  {
    from: 'website pods/inject/dependent-envars.yaml: what comes later, and $$, stay as they are',
    shows: [
      [
        'logs d',
        /^\nUNCHANGED_REFERENCE=\$\(PROTOCOL\):\/\/172.17.0.1:80\nSERVICE_ADDRESS=https:\/\/172.17.0.1:80\nESCAPED_REFERENCE=\$\(PROTOCOL\):\/\/172.17.0.1:80\n/,
      ],
    ],
    manifest: pod(
      'd',
      `{containers: [{name: d, image: "busybox:1.28", command: [sh, -c], args: ['while true; do echo -en ''\\n''; printf UNCHANGED_REFERENCE=$UNCHANGED_REFERENCE''\\n''; printf SERVICE_ADDRESS=$SERVICE_ADDRESS''\\n'';printf ESCAPED_REFERENCE=$ESCAPED_REFERENCE''\\n''; sleep 30; done;'],
      env: [{name: SERVICE_PORT, value: "80"}, {name: SERVICE_IP, value: "172.17.0.1"}, {name: UNCHANGED_REFERENCE, value: "$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)"}, {name: PROTOCOL, value: https}, {name: SERVICE_ADDRESS, value: "$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)"}, {name: ESCAPED_REFERENCE, value: "$$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)"}]}]}`,
    ),
  },
  {
    from: 'website pods/inject/dapi-envars-pod.yaml and dapi-envars-container.yaml',
    shows: [['logs d', /^\nworker-\d\nd\ndefault\n10\.200\.\d\.\d\ndefault\n1\n1\n33554432\n67108864\n$/]],
    manifest: pod(
      'd',
      `{restartPolicy: Never, containers: [{name: d, image: "registry.k8s.io/busybox:1.24", command: [sh, -c], args: ["echo -en '\\\\n'; printenv NODE POD NS; printenv IP SA; printenv CR CL; printenv MR ML"], resources: {requests: {memory: 32Mi, cpu: 125m}, limits: {memory: 64Mi, cpu: 250m}}, env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}, {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}, {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}, {name: SA, valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}},
      {name: CR, valueFrom: {resourceFieldRef: {containerName: d, resource: requests.cpu}}}, {name: CL, valueFrom: {resourceFieldRef: {containerName: d, resource: limits.cpu}}}, {name: MR, valueFrom: {resourceFieldRef: {containerName: d, resource: requests.memory}}}, {name: ML, valueFrom: {resourceFieldRef: {containerName: d, resource: limits.memory}}}]}]}`,
    ),
  },
  {
    from: 'website pods/inject/dapi-volume.yaml',
    shows: [['logs d', /^\n\napp="d"\n\nbuild="two"\n?/]],
    manifest: pod(
      'd',
      `{containers: [{name: d, image: "registry.k8s.io/busybox:1.27.2", command: [sh, -c], args: ["while true; do if [[ -e /etc/podinfo/labels ]]; then echo -en '\\\\n\\\\n'; cat /etc/podinfo/labels; fi; if [[ -e /etc/podinfo/annotations ]]; then echo -en '\\\\n\\\\n'; cat /etc/podinfo/annotations | grep build; fi; sleep 5; done;"], volumeMounts: [{name: podinfo, mountPath: /etc/podinfo}]}], volumes: [{name: podinfo, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}, {path: annotations, fieldRef: {fieldPath: metadata.annotations}}]}}]}`,
    ),
  },
  {
    from: 'website pods/commands.yaml',
    shows: [
      ['get pods', /command-demo +0\/1 +Completed/],
      ['logs command-demo', /^command-demo\ntcp:\/\/10\.254\.0\.1:443\n$/],
    ],
    manifest: pod(
      'command-demo',
      '{restartPolicy: OnFailure, containers: [{name: c, image: debian, command: [printenv], args: [HOSTNAME, KUBERNETES_PORT]}]}',
    ),
  },
  {
    from: 'website service/networking/hostaliases-pod.yaml',
    shows: [
      [
        'logs h',
        /^# Kubernetes-managed hosts file\.\n127\.0\.0\.1\tlocalhost\n[^]*10\.200\.\d\.\d\th\n\n# Entries added by HostAliases\.\n127\.0\.0\.1\tfoo\.local\tbar\.local\n10\.1\.2\.3\tfoo\.remote\tbar\.remote\n$/,
      ],
    ],
    manifest: pod(
      'h',
      '{restartPolicy: Never, hostAliases: [{ip: 127.0.0.1, hostnames: [foo.local, bar.local]}, {ip: 10.1.2.3, hostnames: [foo.remote, bar.remote]}], containers: [{name: c, image: "busybox:1.28", command: [cat], args: [/etc/hosts]}]}',
    ),
  },
  {
    from: 'website service/networking/custom-dns.yaml',
    shows: [
      [
        'exec dns-example -- cat /etc/resolv.conf',
        /^search ns1\.svc\.cluster-domain\.example my\.dns\.search\.suffix\nnameserver 192\.0\.2\.1\noptions ndots:2/,
      ],
    ],
    manifest: pod(
      'dns-example',
      '{dnsPolicy: None, dnsConfig: {nameservers: [192.0.2.1], searches: [ns1.svc.cluster-domain.example, my.dns.search.suffix], options: [{name: ndots, value: "2"}, {name: edns0}]}, containers: [{name: test, image: nginx}]}',
    ),
  },
  {
    from: 'website pods/init-containers.yaml: the page is fetched into the volume that both containers have',
    shows: [
      ['get pods', /init-demo +1\/1 +Running/],
      ['exec init-demo -- ls /usr/share/nginx/html', /^index\.html\n$/],
    ],
    manifest: pod(
      'init-demo',
      '{containers: [{name: nginx, image: nginx, ports: [{containerPort: 80}], volumeMounts: [{name: workdir, mountPath: /usr/share/nginx/html}]}], initContainers: [{name: install, image: "busybox:1.28", command: [sh, -c, "echo hello > /work-dir/index.html"], volumeMounts: [{name: workdir, mountPath: /work-dir}]}], volumes: [{name: workdir, emptyDir: {}}]}',
    ),
  },
  {
    from: 'website pods/resource/memory-request-limit-2.yaml and -3.yaml, cpu-request-limit-2.yaml',
    shows: [
      ['get pod memory-demo-2 -o jsonpath={.status.containerStatuses[0].lastState.terminated}', /"exitCode":137.*"reason":"OOMKilled"/],
      ['get pods', /memory-demo-1 +1\/1 +Running +0 [^]*memory-demo-3 +0\/1 +Pending/],
      ['describe pod memory-demo-3', /3 Insufficient memory/],
      ['describe pod cpu-demo-2', /3 Insufficient cpu/],
    ],
    manifest:
      pod(
        'memory-demo-1',
        '{containers: [{name: c, image: polinux/stress, resources: {limits: {memory: 200Mi}}, command: [stress], args: [--vm, "1", --vm-bytes, 150M, --vm-hang, "1"]}]}',
      ) +
      pod(
        'memory-demo-2',
        '{containers: [{name: c, image: polinux/stress, resources: {requests: {memory: 50Mi}, limits: {memory: 100Mi}}, command: [stress], args: [--vm, "1", --vm-bytes, 250M, --vm-hang, "1"]}]}',
      ) +
      pod('memory-demo-3', '{containers: [{name: c, image: polinux/stress, resources: {limits: {memory: 1000Gi}}, command: [stress]}]}') +
      pod('cpu-demo-2', '{containers: [{name: c, image: vish/stress, resources: {limits: {cpu: "100"}}, args: [-cpus, "2"]}]}'),
  },
  {
    from: 'examples broken-Pod/broken-pods: no such command, no command, an option too few',
    shows: [
      ['get pod bad -o jsonpath={.status.containerStatuses[0].lastState.terminated.reason}', /^StartError$/],
      ['get pod failed -o jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}', /^1$/],
      ['get pods', /none +0\/1 +CrashLoopBackOff/],
    ],
    manifest:
      pod('bad', '{containers: [{name: c, image: busybox, command: [thiscommanddoesnotexist]}]}') +
      pod('failed', '{containers: [{name: c, image: busybox, command: [/bin/sh, -c, exit 1]}]}') +
      pod('none', '{containers: [{name: c, image: busybox}]}'),
  },
  {
    from: 'examples Deployment/webserver.yaml: python -m http.server',
    shows: [['get pods', /web +1\/1 +Running +0 /]],
    manifest: pod(
      'web',
      '{containers: [{name: c, image: "python:3", command: [python, -m, http.server], ports: [{containerPort: 8000}], readinessProbe: {tcpSocket: {port: 8000}}}]}',
    ),
  },
  {
    from: 'kubernetes/examples javaweb-tomcat-sidecar/javaweb.yaml: an image that nobody here knows has files and programs of its own',
    shows: [['get pods', /javaweb +1\/1 +Running +0 /]],
    manifest: pod(
      'javaweb',
      '{initContainers: [{name: war, image: "resouer/sample:v1", command: [cp, /sample.war, /app], volumeMounts: [{name: app, mountPath: /app}]}], containers: [{name: tomcat, image: "resouer/mytomcat:7.0", command: [sh, -c, /root/apache-tomcat-7.0.42-v2/bin/start.sh], volumeMounts: [{name: app, mountPath: /root/apache-tomcat-7.0.42-v2/webapps}], ports: [{containerPort: 8080}]}], volumes: [{name: app, emptyDir: {}}]}',
    ),
  },
  {
    from: 'kubernetes/examples storage/redis/redis-master.yaml: two containers of one image, at ports of their own',
    shows: [['get pods', /redis-master +2\/2 +Running +0 /]],
    manifest: pod(
      'redis-master',
      '{containers: [{name: master, image: "registry.k8s.io/redis:v1", ports: [{containerPort: 6379}]}, {name: sentinel, image: "kubernetes/redis:v1", ports: [{containerPort: 26379}]}]}',
    ),
  },
  {
    from: 'kubernetes/examples web/guestbook: the images of old',
    shows: [['get pods', /master +1\/1 +Running[^]*replica +1\/1 +Running/]],
    manifest:
      pod('master', '{containers: [{name: c, image: "registry.k8s.io/redis:e2e"}]}') +
      pod('replica', '{containers: [{name: c, image: "gcr.io/google_samples/gb-redisslave:v1"}]}'),
  },
];

describe('manifests from the wild', () => {
  it.each(wild.map((w) => [w.from, w] as const))('%s', (_, { manifest, after = 60, shows }) => {
    const cluster = openCluster();
    expect(cluster.kubectl('apply -f -', manifest)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(cluster.settle(300).settled).toBe(true);
    cluster.advance(after);
    for (const [args, what] of shows) expect(cluster.kubectl(args).stdout, args).toMatch(what);
  });
});

/** concepts/workloads/pods/init-containers: two that wait for Services which come later. */
const WAITS = `{containers: [{name: c, image: "busybox:1.28", command: [sh, -c, "echo The app is running! && sleep 3600"]}], initContainers: [
  {name: init-myservice, image: "busybox:1.28", command: [sh, -c, "until nslookup myservice.$(cat /var/run/secrets/kubernetes.io/serviceaccount/namespace).svc.cluster.local; do echo waiting for myservice; sleep 2; done"]},
  {name: init-mydb, image: "busybox:1.28", command: [sh, -c, "until nslookup mydb.$(cat /var/run/secrets/kubernetes.io/serviceaccount/namespace).svc.cluster.local; do echo waiting for mydb; sleep 2; done"]}]}`;
const service = (name: string, spec: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: ${spec}\n---\n`;

describe('scripts and the network', () => {
  it('init containers wait for the names of Services, one after the other', () => {
    const cluster = openCluster();
    cluster.kubectl('apply -f -', pod('myapp-pod', WAITS));
    cluster.advance(20);
    expect(cluster.kubectl('get pods').stdout).toMatch(/myapp-pod +0\/1 +Init:0\/2/);
    expect(cluster.kubectl('logs myapp-pod -c init-myservice').stdout).toMatch(
      /can't find myservice\.default\.svc\.cluster\.local: NXDOMAIN\nwaiting for myservice\n/,
    );
    cluster.kubectl('apply -f -', service('myservice', '{ports: [{port: 80, targetPort: 9376}]}'));
    cluster.advance(40);
    expect(cluster.kubectl('get pods').stdout).toMatch(/myapp-pod +0\/1 +Init:1\/2/);
    cluster.kubectl('apply -f -', service('mydb', '{ports: [{port: 80, targetPort: 9377}]}'));
    cluster.advance(40);
    expect(cluster.kubectl('get pods').stdout).toMatch(/myapp-pod +1\/1 +Running/);
  });

  it('wget, curl and nslookup inside a pod meet Services: website service/access/hello-application.yaml, admin/dns/dnsutils.yaml', () => {
    const cluster: Cluster = openCluster();
    cluster.kubectl(
      'apply -f -',
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: hello-world}\nspec: {replicas: 2, selector: {matchLabels: {run: lb}}, template: {metadata: {labels: {run: lb}}, spec: {containers: [{name: hello, image: "us-docker.pkg.dev/google-samples/containers/gke/hello-app:2.0", ports: [{containerPort: 8080}]}]}}}\n---\n${service('hello', '{type: NodePort, selector: {run: lb}, ports: [{port: 8080}]}')}${service('peers', '{clusterIP: None, selector: {run: lb}, ports: [{port: 8080}]}')}${pod('box', '{containers: [{name: c, image: "busybox:1.28", command: [sleep, "3600"]}]}')}`,
    );
    cluster.settle();
    expect(cluster.kubectl('exec box -- wget -qO- http://hello:8080').stdout).toMatch(
      /^Hello, world!\nVersion: \d\.0\.0\nHostname: hello-world-/,
    );
    expect(cluster.kubectl('exec box -- nslookup kubernetes.default').stdout).toMatch(
      /Name:\tkubernetes\.default\.svc\.cluster\.local\nAddress: 10\.254\.0\.1\n/,
    );
    expect(cluster.kubectl('exec box -- nslookup peers').stdout.match(/Address: 10\.200\./g)).toHaveLength(2);
    expect(cluster.kubectl('exec box -- sh -c "nc -z hello 8080 && echo open"').stdout).toBe('open\n');
    expect(cluster.kubectl('exec box -- sh -c "wget -qO- http://nobody || echo failed"')).toMatchObject({
      stdout: 'failed\n',
      stderr: "wget: bad address 'nobody'\n",
    });
    expect(cluster.kubectl('exec box -- sh -c "printf open > /dev/stderr; true > /dev/stderr; echo said"')).toMatchObject({
      stdout: 'said\n',
      stderr: 'open',
    });
    const port = cluster.kubectl('get service hello -o jsonpath={.spec.ports[0].nodePort}').stdout;
    expect(cluster.connect({ from: 'internet', to: `http://192.168.0.11:${port}/` })).toMatchObject({ verdict: 'answered', status: 200 });
  });

  it('a script that asks without end is given a second between its questions', () => {
    const cluster = openCluster();
    cluster.kubectl(
      'apply -f -',
      pod(
        'load',
        '{containers: [{name: c, image: "busybox:1.28", command: [/bin/sh, -c, "while sleep 0.01; do wget -q -O- http://php-apache; done"]}]}',
      ),
    );
    expect(cluster.settle(60).settled).toBe(true);
    cluster.advance(30);
    expect(cluster.kubectl('logs load').stdout.split('\n').length).toBeLessThan(40);
  });
});

describe('what is refused', () => {
  it('kinds that are not served are named, and the rest is applied', () => {
    const cluster = openCluster();
    const claims =
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: mysql-pv-claim, namespace: shop}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: web\nspec: {template: {metadata: {namespace: no}}}\n---\n';
    const many = cluster.kubectl('apply -f -', claims + service('wordpress-mysql', '{clusterIP: None, ports: [{port: 3306}]}'));
    expect(many.stdout).toBe('service/wordpress-mysql created\n');
    expect(many.stderr).toBe(
      'resource mapping not found for name: "mysql-pv-claim" namespace: "shop" from "STDIN": no matches for kind "PersistentVolumeClaim" in version "v1"\nensure CRDs are installed first\nresource mapping not found for name: "web" namespace: "" from "STDIN": no matches for kind "StatefulSet" in version "apps/v1"\nensure CRDs are installed first\n',
    );
    expect(cluster.kubectl('apply -f -', 'apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: old}\n').stderr).toBe(
      'error: resource mapping not found for name: "old" namespace: "" from "STDIN": no matches for kind "Deployment" in version "apps/v1beta1"\nensure CRDs are installed first\n',
    );
  });

  it('website pods/pod-with-priority: a class that does not exist', () => {
    expect(
      openCluster().kubectl('apply -f -', pod('nginx', '{priorityClassName: high-priority, containers: [{name: c, image: nginx}]}')).stderr,
    ).toBe(
      'Error from server (Forbidden): error when creating "STDIN": pods "nginx" is forbidden: no PriorityClass with name high-priority was found\n',
    );
  });
});
