// What a container does: it ends its process with SIGTERM. Here: a service that handles no signal, and one that does. Nothing of
// what they recorded is lost, and each ends as it would have without metrics. The receiver of OTLP is a part of this program.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { json } from 'node:stream/consumers';

const received = [];
const receiver = createServer((request, response) => {
  void json(request).then(body => {
    received.push(body);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  });
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');

for (const handles of [false, true]) {
  const service = spawn(
    process.execPath,
    ['--import', 'otel-argo-metrics/register', fileURLToPath(new URL('service.mjs', import.meta.url))],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        HANDLES_SIGTERM: handles ? 'yes' : '',
        OTEL_SERVICE_NAME: 'service',
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${receiver.address().port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      },
    },
  );
  const ended = once(service, 'exit');
  const [url] = await once(service.stdout.setEncoding('utf8'), 'data');
  for (let requests = 0; requests < 3; requests++) await (await fetch(url)).text();
  service.kill('SIGTERM');
  const [code, signal] = await ended;
  const metrics = received
    .splice(0)
    .flatMap(({ resourceMetrics }) => resourceMetrics[0].scopeMetrics.flatMap(scope => scope.metrics));
  const answers = metrics.find(({ name }) => name === 'answers').sum.dataPoints[0].asDouble;
  console.log(
    `handles SIGTERM: ${handles}; ended with ${signal ?? `code ${code}`}; answers exported: ${answers}`,
  );
}
receiver.close();
