// A pod without a kubelet: the container of a manifest, in the folders of the image, as its user, with a root that is read-only
// and the volumes that it mounts. It takes Linux, root and a mount namespace of its own; the network is the machine's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../export-peers.mjs';
import { run } from '../steps.mjs';

const PATIENCE_MILLIS = 30_000;
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

/** $1: the root; $2: Node; $3: user and group; then `FROM TO ro|rw` of each volume, `--`, and the command. */
const ENTER = `
set -eu
root=$1 node=$2 user=$3; shift 3
mount --bind "$root" "$root"
for folder in lib lib64 usr/lib usr/lib64 proc dev; do
  if [ -d "/$folder" ]; then mkdir -p "$root/$folder"; mount --rbind "/$folder" "$root/$folder"; fi
done
mkdir -p "$root/nodejs/bin" && touch "$root/nodejs/bin/node"
mount --bind "$node" "$root/nodejs/bin/node"
while [ "$1" != -- ]; do
  mkdir -p "$root/$2"
  mount --bind "$1" "$root/$2"
  if [ "$3" = ro ]; then mount -o remount,bind,ro "$root/$2"; fi
  shift 3
done
shift
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs chroot --userspec="$user" --groups= "$root" "$@"
`;

/** Why no pod can be had here; undefined: it can. */
export async function whyNoPod() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return 'it takes Linux, and root';
  for (const [program, ...args] of [
    ['setpriv', '--version'],
    ['chroot', '--version'],
    ['unshare', '--mount', 'true'],
  ]) {
    const { code, stderr } = await run(program, args).catch(({ message }) => ({ code: 1, stderr: message }));
    if (code !== 0) return `${program}: ${stderr.trim()}`;
  }
  return undefined;
}

export class Pod {
  said = '';
  #child;

  /**
   * @param image as `layOutImage` has it
   * @param spec of a pod: one container
   * @param configMaps data by name of those that it mounts
   * @param folder for what it mounts; it stays when the pod is started again
   * @param account { token, ca, namespace }
   * @param env more than the image has
   */
  constructor({ image, spec, configMaps, folder, account, env = {} }) {
    Object.assign(this, { image, spec, configMaps, folder, account, env });
    [this.container] = spec.containers;
  }

  /** Resolves when it was started, whatever becomes of it. */
  async start(args = this.container.args) {
    this.port = await freePort();
    const { runAsUser, runAsGroup } = this.spec.securityContext;
    const command = [...this.image.entrypoint, ...args];
    const user = `${runAsUser}:${runAsGroup}`;
    const words = [this.image.root, process.execPath, user, ...this.#volumes(), '--', ...command];
    this.said = '';
    this.#child = spawn('unshare', ['--mount', 'sh', '-c', ENTER, 'sh', ...words], {
      // Nothing of this process: a pod has what the image and the manifest say.
      env: {
        ...{ PATH: process.env.PATH, OTEL_EXPORTER_PROMETHEUS_PORT: `${this.port}` },
        ...{ ...this.image.env, ...this.#environment(), ...this.env },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const pipe of [this.#child.stdout, this.#child.stderr])
      pipe.setEncoding('utf8').on('data', text => (this.said = (this.said + text).slice(-20_000)));
    this.ended = once(this.#child, 'close').then(([code]) => code);
  }

  get pid() {
    return this.#child.pid;
  }

  /** The status of a probe of its, `{ httpGet: { path } }`; 0: nobody answers. */
  async probe(name) {
    const url = `http://127.0.0.1:${this.port}${this.container[name].httpGet.path}`;
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    return answer?.status ?? 0;
  }

  async page() {
    const answer = await fetch(`http://127.0.0.1:${this.port}/metrics`).catch(() => undefined);
    return answer?.status === 200 ? answer.text() : (await answer?.arrayBuffer(), '');
  }

  /** Resolves with the page that has it. */
  async shows(pattern) {
    let page = '';
    for (const end = performance.now() + PATIENCE_MILLIS; performance.now() < end; await pause(50)) {
      page = await this.page();
      if (pattern.test(page)) return page;
      if (this.#child.exitCode !== null) break;
    }
    throw new Error(`never shown: ${pattern}; exit code ${this.#child.exitCode}\n${this.said}\n${page}`);
  }

  /** Ends it as a kubelet does. Resolves with the exit code, and with the seconds that it took. */
  async end() {
    const start = performance.now();
    this.#child.kill('SIGTERM');
    const timer = setTimeout(
      () => this.#child.kill('SIGKILL'),
      1000 * this.spec.terminationGracePeriodSeconds,
    );
    const code = await this.ended;
    clearTimeout(timer);
    return { code, seconds: (performance.now() - start) / 1000 };
  }

  async remove() {
    this.#child?.kill('SIGKILL');
    await this.ended;
  }

  #environment() {
    const values = { 'metadata.namespace': this.account.namespace };
    return Object.fromEntries(
      (this.container.env ?? []).map(({ name, value, valueFrom }) => [
        name,
        value ?? values[valueFrom.fieldRef.fieldPath],
      ]),
    );
  }

  /** FROM, TO, and how. */
  #volumes() {
    const volumes = this.container.volumeMounts.flatMap(({ name, mountPath, readOnly }) => [
      this.#volume(name),
      mountPath,
      readOnly === true ? 'ro' : 'rw',
    ]);
    const { token, ca, namespace } = this.account;
    return [...volumes, this.#files('account', { token, 'ca.crt': ca, namespace }), ACCOUNT, 'ro'];
  }

  #volume(name) {
    const source = this.spec.volumes.find(volume => volume.name === name);
    if (source !== undefined) return this.#files(name, this.configMaps[source.configMap.name]);
    // That of a claim: the kubelet gives it to the group.
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    chownSync(path, 0, this.spec.securityContext.fsGroup);
    chmodSync(path, 0o2775);
    return path;
  }

  #files(name, files) {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text, { mode: 0o644 });
    return path;
  }
}
