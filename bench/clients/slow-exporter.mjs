// An exporter that needs 30 ms, then says what it was given of the series that has no labels.
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export default () => ({
  export: async ({ scopeMetrics }, done) => {
    const metrics = scopeMetrics.flatMap(scope => scope.metrics);
    const points = metrics.find(({ descriptor }) => descriptor.name === 'jobs').dataPoints;
    await pause(30);
    writeSync(
      1,
      `,"exported":${points.find(({ attributes }) => Object.keys(attributes).length === 0).value}`,
    );
    done({ code: 0 });
  },
  forceFlush: async () => {},
  shutdown: async () => {},
});
