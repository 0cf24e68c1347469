// As the SDK's ConsoleMetricExporter: prints each value.
const { log: print } = console;

export default () => ({
  export: ({ scopeMetrics }, done) => {
    for (const { descriptor, dataPoints } of scopeMetrics.flatMap(({ metrics }) => metrics))
      print(`${descriptor.name} ${dataPoints.map(({ value }) => value).join(' ')}`);
    setTimeout(() => done({ code: 0 }), 30);
  },
  forceFlush: async () => {},
  shutdown: async () => {},
});
