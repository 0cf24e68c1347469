// Pools of threads, piscina and tinypool: their threads count into the store of the process by themselves. Run it with
//   node --import otel-argo-metrics/register pools.mjs
import Piscina from 'piscina';
import Tinypool from 'tinypool';

const filename = new URL('./pools/task.mjs', import.meta.url).href;
const pools = {
  piscina: new Piscina({ filename, maxThreads: 2 }),
  tinypool: new Tinypool({ filename, maxThreads: 2 }),
};
for (const [pool, threads] of Object.entries(pools)) {
  await Promise.all(Array.from({ length: 10 }, () => threads.run({ pool })));
  await threads.destroy();
}

const url = `http://localhost:${process.env.OTEL_EXPORTER_PROMETHEUS_PORT ?? 9464}/metrics`;
let text;
while (text === undefined)
  text = await fetch(url).then(
    response => response.text(),
    () => undefined,
  );
console.log(text.match(/^.*tasks_total.*$/gm).join('\n'));
process.exit();
