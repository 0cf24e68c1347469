// Push from the collector thread: an application that is busy, and then ends by process.exit(), loses nothing. This program is
// the server at the other end; it starts the application and prints what arrives of it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const received = [];
const server = createServer((request, response) => {
  void json(request).then(body => {
    received.push(body);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const url = `http://127.0.0.1:${server.address().port}/v1/metrics`;
const [code] = await once(fork(new URL('./app.mjs', import.meta.url), [url]), 'exit');
server.close();
console.log(`the application ended with ${code}`);
for (const { resource, scopeMetrics } of received.flatMap(({ resourceMetrics }) => resourceMetrics))
  for (const { name, sum } of scopeMetrics.flatMap(({ metrics }) => metrics))
    for (const { attributes, asDouble } of sum.dataPoints)
      console.log(
        `${resource.attributes[0].value.stringValue} ${name} ${attributes[0].value.stringValue} ${asDouble}`,
      );
