// P13: what one emission of a compiled metric costs, and compiling one. The real controller needs 16 to 29 µs for the same
// counter, and 116 µs for the one with an expression.
import { createStore, CustomMetrics } from 'otel-argo-metrics';
import { time } from './rounds.mjs';

const label = (key, value) => ({ key, value });
const counter = (name, labels) => ({
  prometheus: [{ name, help: 'Runs', when: '{{status}} == Succeeded', labels, counter: { value: '1' } }],
});
const TAGS = [
  label('status', '{{status}}'),
  label('namespace', '{{workflow.namespace}}'),
  label('name', '{{inputs.parameters.name}}'),
];
const EXPRESSION = [...TAGS.slice(0, 2), label('long', '{{=asFloat(duration) > 60}}')];

const SCOPES = Array.from({ length: 64 }, (_, i) => ({
  variables: {
    status: i % 4 === 0 ? 'Failed' : 'Succeeded',
    duration: `${i}.500000`,
    'workflow.namespace': 'argo',
    'workflow.name': `run-${i}`,
    'inputs.parameters.name': `step-${i % 32}`,
  },
}));

/** `skipped`: contestants that cannot run, and why. */
export function argo({ calls }) {
  const store = createStore();
  const customMetrics = new CustomMetrics({ store });
  const contestants = {};
  const skipped = {};
  const add = (name, metrics) => {
    const compiled = customMetrics.compile(metrics);
    const wrong = compiled.diagnostics.find(({ severity }) => severity === 'error');
    if (wrong) {
      skipped[name] = wrong.message;
      return;
    }
    contestants[name] = () =>
      time(n => {
        for (let i = 0; i < n; i++) compiled.emit(SCOPES[i & 63], { owner: 'bench' });
      }, calls);
  };
  add('argoEmit', counter('runs', TAGS));
  add('argoEmitExpression', counter('long_runs', EXPRESSION));
  const metrics = counter('compiled', TAGS);
  contestants.argoCompile = () =>
    time(n => {
      for (let i = 0; i < n; i++) customMetrics.compile(metrics);
    }, calls / 20);
  return { contestants, skipped, end: () => store.shutdown() };
}
