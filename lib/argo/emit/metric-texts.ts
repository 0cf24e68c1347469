// Step 5 of an emission: the tags are filled in, of everything but the value. Each text once, in the order in which Argo
// does it, so that the first one that cannot be is what is wrong.
import { failAt, failText } from './emission-failure.js';
import { invalidLabelMessage, isMetricName } from '../spec/compile-labels.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { Rendering, Template } from '../template/template.js';

export type Labels = Readonly<Record<string, string>>;

/** The texts of a metric with nothing left to fill in. */
export interface FilledTexts {
  readonly name: string;
  readonly labels: Labels;
  readonly help: string;
  readonly when: string;
}

/** A text with tags, and where it stands. */
interface Varying {
  readonly template: Template;
  readonly path: string;
  readonly isKey: boolean;
}

export class MetricTexts {
  readonly #metric: CompiledMetric;
  readonly #varying: readonly Varying[];
  /** Of the source of a template: which of those that vary has its text. */
  readonly #indexes = new Map<string, number>();

  constructor(metric: CompiledMetric) {
    this.#metric = metric;
    const varying: Varying[] = [];
    for (const text of textsOf(metric)) {
      const { template, isKey } = text;
      // A key is looked at in its turn, even if another text is the same.
      if (!template.hasTags || (this.#indexes.has(template.source) && !isKey)) continue;
      this.#indexes.set(template.source, varying.length);
      varying.push(text);
    }
    this.#varying = varying;
  }

  /** How many texts {@link fill} fills in. */
  get count(): number {
    return this.#varying.length;
  }

  /** The texts that vary. All else about where the metric goes follows from them. Fails where one cannot be filled in. */
  fill(rendering: Rendering): readonly string[] {
    const texts: string[] = [];
    for (const { template, path, isKey } of this.#varying) {
      const text = render(this.#metric, template, path, rendering);
      if (isKey && !isMetricName(text))
        failAt(this.#metric, path, 'LABEL_INVALID', invalidLabelMessage(text));
      texts.push(text);
    }
    return texts;
  }

  /** All texts. @param varying from {@link fill} */
  read(varying: readonly string[]): FilledTexts {
    const { help, when } = this.#metric;
    const labels: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const { key, value } of this.#metric.labels)
      labels[this.#textOf(key, varying)] = this.#textOf(value, varying);
    return {
      name: this.nameIn(varying),
      labels,
      help: this.#textOf(help, varying),
      when: this.#textOf(when, varying),
    };
  }

  nameIn(varying: readonly string[]): string {
    return this.#textOf(this.#metric.name, varying);
  }

  #textOf({ hasTags, source }: Template, varying: readonly string[]): string {
    return (hasTags ? varying[this.#indexes.get(source) ?? -1] : undefined) ?? source;
  }
}

/** Fills in one text of a metric, or fails. */
export function render(
  metric: CompiledMetric,
  template: Template,
  path: string,
  rendering: Rendering,
): string {
  const rendered = rendering.render(template);
  if ('value' in rendered) return rendered.value;
  return failText(metric, path, rendered.error, 'unable to substitute parameters for');
}

function textsOf({ path, name, labels, help, when }: CompiledMetric): readonly Varying[] {
  return [
    { template: name, path: `${path}.name`, isKey: false },
    ...labels.flatMap(label => [
      { template: label.key, path: `${label.path}.key`, isKey: true },
      { template: label.value, path: `${label.path}.value`, isKey: false },
    ]),
    { template: help, path: `${path}.help`, isKey: false },
    { template: when, path: `${path}.when`, isKey: false },
  ];
}
