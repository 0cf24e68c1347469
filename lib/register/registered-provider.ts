// The global MeterProvider: the store, and who is told that somebody wants it.
import type { MeterProvider } from '@opentelemetry/api';
import type { BufferedMeter } from '../instruments/buffered-meter.js';
import type { MetricStore } from '../otel/store-interface.js';

export interface Registration {
  /** Called for each meter. Never throws. */
  wanted(meterName: string): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export class RegisteredProvider implements MeterProvider {
  readonly #store: MetricStore;
  readonly #registration: Registration;

  constructor(store: MetricStore, registration: Registration) {
    this.#store = store;
    this.#registration = registration;
  }

  getMeter(name: string, version?: string, options?: { schemaUrl?: string }): BufferedMeter {
    this.#registration.wanted(name);
    return this.#store.getMeter(name, version, options);
  }

  /** Exports what was recorded. Only in the thread that exports: the main thread. */
  forceFlush(): Promise<void> {
    return this.#registration.forceFlush();
  }

  /** In the main thread: the last export, and the end of recording in all threads. In another one: its own end. */
  async shutdown(): Promise<void> {
    try {
      await this.#registration.shutdown();
    } finally {
      await this.#store.shutdown();
    }
  }
}
