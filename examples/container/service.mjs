// A service that counts its answers, and knows nothing of how they are exported.
import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const answers = metrics.getMeter('service').createCounter('answers');
const server = createServer((_, response) => {
  answers.add(1);
  response.writeHead(200, { Connection: 'close' }).end('ok');
}).listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));

if (process.env.HANDLES_SIGTERM)
  process.once('SIGTERM', () => {
    answers.add(1);
    server.close(() => process.exit());
  });
