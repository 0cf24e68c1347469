import { expect } from 'chai';
import { CustomStore, emitted } from '../custom-store.js';

const counter = { name: 'runs', help: 'Runs', counter: { value: '{{v}}' } };

describe('MetricTexts', () => {
  it('should check names and keys once their tags are filled in', () => {
    const store = new CustomStore();
    expect(emitted(store, { ...counter, name: '{{n}}' }, { n: 'a.b', v: '1' })[0]).to.match(/^NAME_INVALID/);
    const labels = [{ key: '{{n}}', value: 'x' }];
    expect(emitted(store, { ...counter, labels }, { n: 'a-b', v: '1' })[0]).to.match(/^LABEL_INVALID/);
  });

  it('should say of several wrong texts the one that Argo comes to first', () => {
    const first = (
      name: string,
      key: string,
      value: string,
      help: string,
      when: string,
    ): string | undefined =>
      emitted(
        new CustomStore(),
        {
          name,
          labels: [
            { key: 'a', value },
            { key, value: 'x' },
          ],
          help,
          when,
          counter: { value: '{{e}}' },
        },
        { n: 'a-b', v: '1' },
      )[0];
    expect(first('{{a}}', '{{b}}', '{{c}}', '{{d}}', '{{f}}')).to.contain('{{a}}');
    expect(first('{{n}}', '{{n}}', '{{c}}', '{{d}}', '{{f}}')).to.contain('{{c}}');
    expect(first('{{n}}', '{{n}}', '{{v}}', '{{d}}', '{{f}}')).to.match(/^LABEL_INVALID: metric label 'a-b'/);
    expect(first('{{n}}', 'b', '{{v}}', '{{d}}', '{{f}}')).to.contain('{{d}}');
    expect(first('{{n}}', 'b', '{{v}}', 'H', '{{f}}')).to.contain('{{f}}');
    expect(first('{{n}}', 'b', '{{v}}', 'H', '')).to.contain('{{e}}');
  });
});
