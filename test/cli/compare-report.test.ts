import { expect } from 'chai';
import { compareSides, isCustomName, textOf } from '../../lib/cli/compare-report.js';
import { METRIC, sideOf } from './compared-series.js';

describe('isCustomName', () => {
  it('should leave out what is the own of the controller, of its runtime and of this package', () => {
    const names = `argo_workflows_runs_total argo_workflows_seconds_bucket argo_workflows_seconds_count
      argo_workflows_gauge argo_workflows_queue_latency_bucket argo_workflows_error_count argo_workflows_pods_count
      argo_workflows_go_goroutine_count go_goroutines process_start_time_seconds otel_argo_metrics_ready target_info`;
    expect(names.split(/\s+/).filter(name => isCustomName(name, []))).to.deep.equal([
      'argo_workflows_runs_total',
      'argo_workflows_seconds_bucket',
      'argo_workflows_seconds_count',
    ]);
  });

  it('should take the names that are asked for', () => {
    const isMeant = (name: string): boolean => isCustomName(name, ['argo_*_RUNS', 'go_?']);
    expect(isMeant('argo_workflows_runs')).to.equal(true);
    expect(isMeant('argo_workflows_runs_bucket')).to.equal(true);
    expect(isMeant('go_x')).to.equal(true);
    expect(isMeant('argo_workflows_other')).to.equal(false);
  });
});

describe('compareSides', () => {
  it('should count series by class, and those that began again', () => {
    const here = sideOf([0, 0, 3, 3], { labels: { a: 'x' } });
    const { counts, metrics, resetsHere, resetsThere, series } = compareSides(
      here,
      sideOf([9, 3], { labels: { a: 'x' } }),
    );
    expect(counts).to.include({ equal: 1, unexplained: 0 });
    expect({ metrics, resetsHere, resetsThere }).to.deep.equal({ metrics: 1, resetsHere: 0, resetsThere: 1 });
    expect(series.map(textOf)).to.deep.equal([`${METRIC}{a="x"}`]);
  });

  it('should know what other series of a metric tell', () => {
    const pending = { type: 'gauge', labels: { status: 'Pending' } } as const;
    const running = { type: 'gauge', labels: { status: 'Running' } } as const;
    const { series } = compareSides(sideOf([1, 1, 2, 2], running), sideOf([1, 2], pending));
    expect(series.map(each => each.explanation?.rows[0])).to.deep.equal([
      '#7335 Pending gauge',
      '#7335 Pending gauge',
    ]);
    for (const labels of [{ otel_metric_overflow: 'true' }, { team: '_OTHER' }]) {
      const limited = compareSides(
        sideOf([0, 0, 2, 2], { labels }),
        sideOf([0, 2], { labels: { team: 'a' } }),
      );
      expect(limited.counts, JSON.stringify(labels)).to.include({ explained: 1, onlyHere: 1, onlyThere: 0 });
    }
  });
});

describe('textOf', () => {
  it('should write a series as a Prometheus text does', () => {
    expect(textOf({ metric: 'm', labels: [['a', 'x"\\\n']] })).to.equal(String.raw`m{a="x\"\\\n"}`);
    expect(textOf({ metric: 'm', labels: [] })).to.equal('m');
  });
});
