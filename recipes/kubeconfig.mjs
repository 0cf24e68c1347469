// The command `watch` with a kubeconfig, which @kubernetes/client-node reads: an API server that wants to see a client certificate.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const config = readFileSync('kubeconfig/config.yaml', 'utf8');
const decoded = text => Buffer.from(text, 'base64').toString();
const ca = decoded(/certificate-authority-data: (\S+)/.exec(config)[1]);
const { cert, key } = JSON.parse(readFileSync('kubeconfig/server.json', 'utf8'));

const time = { startedAt: '2026-11-23T04:00:00Z', finishedAt: '2026-11-23T04:00:10Z' };
const object = {
  kind: 'Workflow',
  metadata: { name: 'etl', namespace: 'argo', uid: 'u', resourceVersion: '2' },
  spec: {
    entrypoint: 'main',
    templates: [{ name: 'main', container: {} }],
    metrics: { prometheus: [{ name: 'runs_total', help: 'Runs', counter: { value: '1' } }] },
  },
  status: {
    phase: 'Succeeded',
    ...time,
    nodes: {
      etl: { id: 'etl', name: 'etl', type: 'Pod', phase: 'Succeeded', templateName: 'main', ...time },
    },
  },
};

let tellTaken;
const taken = new Promise(resolve => (tellTaken = resolve));

const options = { cert: decoded(cert), key: decoded(key), ca, requestCert: true, rejectUnauthorized: true };
const server = createServer(options, (request, response) => {
  const query = new URL(request.url, 'https://server').searchParams;
  console.log(
    `# ${request.socket.getPeerCertificate().subject.CN} asks for a ${query.has('watch') ? 'watch' : 'list'}`,
  );
  response.writeHead(200, { 'content-type': 'application/json' });
  if (!query.has('watch'))
    response.end(JSON.stringify({ kind: 'WorkflowList', items: [], metadata: { resourceVersion: '1' } }));
  else if (query.get('resourceVersion') === '1')
    response.end(`${JSON.stringify({ type: 'ADDED', object })}\n`);
  else {
    // Asked from there on, so it was taken.
    response.flushHeaders();
    tellTaken();
  }
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
const file = join(folder, 'config');
writeFileSync(file, config.replace('server: SERVER', `server: https://127.0.0.1:${server.address().port}`));
const bin = 'node_modules/otel-argo-metrics/dist/esm/bin.js';
// A new counter is shown as 0 for 75 s otherwise, so that Prometheus sees its first value as an increase.
const env = { ...process.env, OTEL_ARGO_METRICS_ENDPOINT_ZERO_FOR: '0' };
const args = [bin, 'watch', '--kubeconfig', file, '--listen', '127.0.0.1:0'];
const watch = spawn(process.execPath, args, { env });
let said = '';
watch.stderr.on('data', piece => (said += piece));
const ended = once(watch, 'exit');
const first = await Promise.race([taken, ended]);
if (first !== undefined) throw new Error(`watch ended: ${said}`);
const shown = await (await fetch(/metrics at ([^\s"]+)/.exec(said)[1])).text();
// What it says of itself stands there too.
const isOwn = line => line.includes('otel_argo_metrics_');
console.log(
  shown
    .split('\n')
    .filter(line => !isOwn(line))
    .join('\n'),
);
watch.kill('SIGTERM');
const [exitCode] = await ended;
console.log(`# exit code ${exitCode}`);
server.closeAllConnections();
server.close();
rmSync(folder, { recursive: true });
