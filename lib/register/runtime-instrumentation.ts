// OpenTelemetry's metrics of Node's runtime, where their package is installed: event loop, garbage collection, heap.
import { createRequire } from 'node:module';
import type { MeterProvider } from '@opentelemetry/api';
import { diag } from '../guard/guarded-diag.js';
import { textOf } from '../guard/thrown.js';
import { findInstalled } from './installed-package.js';

const PACKAGE = '@opentelemetry/instrumentation-runtime-node';

interface Instrumentation {
  setMeterProvider(provider: MeterProvider): void;
  disable(): void;
}

/** One for a process: an application that turns it on itself has its own. */
export class RuntimeInstrumentation {
  #own: Instrumentation | undefined;
  #isTurningOn = false;
  #isOfApplication = false;

  /** To be told of each meter. */
  noteMeter(name: unknown): void {
    if (name !== PACKAGE || this.#isTurningOn) return;
    this.#isOfApplication = true;
    this.#own?.disable();
    this.#own = undefined;
  }

  /** Never throws. */
  turnOn(provider: MeterProvider): void {
    const path = findInstalled(PACKAGE);
    if (path === undefined || this.#isOfApplication) return;
    this.#isTurningOn = true;
    try {
      const { RuntimeNodeInstrumentation } = createRequire(path)(path) as {
        readonly RuntimeNodeInstrumentation: new () => Instrumentation;
      };
      this.#own = new RuntimeNodeInstrumentation();
      // Only now it makes its instruments.
      this.#own.setMeterProvider(provider);
    } catch (error) {
      diag.warn(`otel-argo-metrics: ${PACKAGE} cannot be turned on: ${textOf(error)}`);
    } finally {
      this.#isTurningOn = false;
    }
  }
}
