// For worker threads it has nothing: each has a registry of its own. So these are processes.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { AggregatorRegistry, Counter } from 'prom-client';
import { conduct, countAndWait, serve } from './situations.mjs';

const registry = new AggregatorRegistry();
if (cluster.isPrimary)
  await conduct({
    begin: value => cluster.fork({ VALUE: value }),
    tell: worker => worker.send('spin'),
    end: async worker => {
      const ended = once(worker, 'exit');
      worker.process.kill('SIGKILL');
      await ended;
    },
    url: await serve(() => registry.clusterMetrics()),
    pids: workers => workers.map(worker => worker.process.pid),
  });
else {
  const counter = new Counter({ name: 'c', help: 'What is counted' });
  countAndWait(
    process,
    (message, then) => process.send(message, then),
    () => counter.inc(Number(process.env.VALUE)),
  );
}
